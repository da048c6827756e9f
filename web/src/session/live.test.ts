// @vitest-environment node
import { expect, test } from 'vitest';
import { Client } from '../api/client';
import { type News, eventsOf, follow } from './live';

function streamOf(...chunks: string[]): Response {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream({
      start(controller) {
        chunks.forEach((chunk) => controller.enqueue(encoder.encode(chunk)));
        controller.close();
      },
    }),
  );
}

async function read(response: Response): Promise<unknown[]> {
  const found = [];
  for await (const event of eventsOf(response)) {
    found.push(event);
  }
  return found;
}

test('events are read whole, wherever the network cuts them', async () => {
  const text = ': open\n\nid: 7\nevent: session\ndata: {"kind":"é"}\n\nid: 8\ndata: {}\n\n';
  const whole = [{ id: 7, data: '{"kind":"é"}' }, { id: 8, data: '{}' }];

  expect(await read(streamOf(text))).toEqual(whole);
  expect(await read(streamOf(...text))).toEqual(whole);
});

test('signs of life are no news', async () => {
  expect(await read(streamOf(': still here\n\n'))).toEqual([]);
});

test('a stream that breaks goes on after the last event heard', async () => {
  const asked: (string | null)[] = [];
  const heard: News[] = [];
  const closing = new AbortController();
  const streams = [
    streamOf('id: 5\ndata: {"kind":"entered","by":"advisor:bruno"}\n\n'),
    streamOf('id: 6\ndata: {"kind":"noted","by":"system"}\n\n'),
  ];
  const client = new Client({
    language: () => 'en',
    fetch: (_, init) => {
      asked.push(new Headers(init?.headers).get('last-event-id'));
      const next = streams.shift();
      if (next === undefined) {
        closing.abort();
        return Promise.reject(new TypeError('gone'));
      }
      return Promise.resolve(next);
    },
  });

  await follow(client, 's', 4, {
    signal: closing.signal, onSignedOut: () => undefined, pause: () => Promise.resolve(),
    onNews: (news) => news !== null && heard.push(news),
  });

  expect(asked).toEqual(['4', '5', '6']);
  expect(heard.map((news) => news.seq)).toEqual([5, 6]);
  expect(heard[0]?.by).toBe('advisor:bruno');
});

test('where no stream comes through, the session is looked at instead', async () => {
  const closing = new AbortController();
  let looks = 0;
  const client = new Client({ language: () => 'en', fetch: () => Promise.reject(new TypeError('held back')) });

  await follow(client, 's', 0, {
    signal: closing.signal, onSignedOut: () => undefined, pause: () => Promise.resolve(),
    onNews: (news) => {
      expect(news).toBeNull();
      looks += 1;
      if (looks === 3) {
        closing.abort();
      }
    },
  });

  expect(looks).toBe(3);
});

test('an expired sign-in ends the stream and is told', async () => {
  let isSignedOut = false;
  const client = new Client({ language: () => 'en', fetch: () => Promise.resolve(new Response('{}', { status: 401 })) });

  await follow(client, 's', 0, {
    signal: new AbortController().signal, onNews: () => undefined,
    onSignedOut: () => { isSignedOut = true; },
  });

  expect(isSignedOut).toBe(true);
});
