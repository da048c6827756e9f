// @vitest-environment-options { "url": "https://app.example/plugin.html" }
import { afterEach, beforeEach, expect, test } from 'vitest';
import { around, OUTCOME, SERVICE, speakAsFrame, until } from './hosts.fake';
import type { FrontOptions } from './front';
import type { Adapted } from './adapter';

interface Call {
  id: string;
  name: string;
  args: unknown[];
}

const FUNCTIONS = { createDraft: 2, updateDraft: 3, tag: 2, listMessages: 2 };
let calls: Call[] = [];
let errors: string[] = [];
let port: MessagePort | null = null;
let adapted: Adapted | null = null;

/** Front's side of its bridge: a port is handed over; contexts go in, calls come out. */
function frontPage(): void {
  around((message, _origin, ports) => {
    expect(message).toBe('@frontapp/ui-sdk#WebViewBridge.handshake');
    port = ports[0] as MessagePort;
    port.onmessage = ({ data }: MessageEvent<Call>) => {
      calls.push(data);
      const value = data.name === 'createDraft' ? { id: 'dra_1' } : { results: [{ id: 'msg_1' }, { id: 'msg_2' }] };
      port?.postMessage({ type: 'function_result', id: data.id, value });
    };
  });
}

const select = (conversation: { id: string; draftId?: string } | null): void =>
  port?.postMessage({
    type: 'context_update',
    context: {
      id: `ctx_${conversation?.id}`,
      type: conversation === null ? 'noConversation' : 'singleConversation',
      teammate: { id: 'tea_1' },
      conversation,
      functionArities: FUNCTIONS,
    },
  });

const frame = () => document.querySelector('iframe');
// A new page is given the conversation that was selected last: its own comes after.
const opened = (id: string) => until(() => frame()?.src.includes(`t=pe_${id}_tea_1`));
const called = (name: string) => until(() => calls.find((call) => call.name === name));

async function begun(more: Partial<FrontOptions> = {}): Promise<void> {
  const { front } = await import('./front');
  adapted = front({
    place: document.body,
    base: SERVICE,
    token: ({ conversation, teammate }) => `pe_${conversation}_${teammate}`,
    tags: { 'transport.avarie': 'tag_7' },
    onerror: ({ code }) => errors.push(code),
    ...more,
  });
}

// The library keeps one bridge for its page's life.
frontPage();
beforeEach(() => {
  calls = [];
  errors = [];
});
afterEach(() => {
  adapted?.close();
  document.body.replaceChildren();
});

test('the conversation selected opens its session; another one replaces it; none leaves nothing', async () => {
  await begun();
  select({ id: 'cnv_1' });
  await opened('cnv_1');
  select({ id: 'cnv_2' });
  await opened('cnv_2');
  expect(document.querySelectorAll('iframe')).toHaveLength(1);
  select(null);
  await until(() => frame() === null);
});

test('the first text begins a reply to the last message, the next goes into the same draft', async () => {
  await begun();
  select({ id: 'cnv_3' });
  await opened('cnv_3');
  speakAsFrame('say', { text: 'Bonjour.' });
  speakAsFrame('say', { text: 'Merci.' });
  const { args } = await called('updateDraft');
  expect((await called('createDraft')).args).toEqual([
    { content: { body: 'Bonjour.', type: 'text' }, replyOptions: { type: 'reply', originalMessageId: 'msg_2' } },
  ]);
  expect(args).toEqual(['dra_1', { updateMode: 'insert', content: { body: 'Merci.', type: 'text' } }]);
});

test('a draft that is there is written into, at the cursor', async () => {
  await begun();
  select({ id: 'cnv_4', draftId: 'dra_9' });
  await opened('cnv_4');
  speakAsFrame('say', { text: 'Bonjour.' });
  expect((await called('updateDraft')).args[0]).toBe('dra_9');
});

test('the outcome goes into the reply and its codes become tags', async () => {
  await begun();
  select({ id: 'cnv_5', draftId: 'dra_9' });
  await opened('cnv_5');
  speakAsFrame('outcome', OUTCOME);
  expect((await called('tag')).args).toEqual([['tag_7']]);
  expect((await called('updateDraft')).args[1]).toMatchObject({ content: { body: OUTCOME.summary } });
});

test('a token that comes after another conversation was selected opens nothing', async () => {
  let give: (token: string) => void = () => undefined;
  await begun({
    token: ({ conversation }) =>
      conversation === 'cnv_6' ? new Promise((resolve) => (give = resolve)) : 'pe_second',
  });
  select({ id: 'cnv_6' });
  await until(() => give.length === 1);
  select({ id: 'cnv_7' });
  await until(() => frame()?.src.includes('t=pe_second'));
  give('pe_first');
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect([...document.querySelectorAll('iframe')].map((one) => one.src.includes('pe_second'))).toEqual([true]);
});
