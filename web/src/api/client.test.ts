// @vitest-environment node
import { expect, test } from 'vitest';
import { Client } from './client';
import { Problem, Unreachable } from './problems';

function recording(response: () => Response): { client: (more?: object) => Client; seen: [string, RequestInit][] } {
  const seen: [string, RequestInit][] = [];
  const fetching = (input: unknown, init?: RequestInit): Promise<Response> => {
    seen.push([String(input), init ?? {}]);
    return Promise.resolve(response());
  };
  return { seen, client: (more = {}) => new Client({ fetch: fetching as typeof fetch, language: () => 'fr', ...more }) };
}

test('what changes something says that it comes from our own page', async () => {
  const { client, seen } = recording(() => new Response('{}'));

  await client().ask('/v1/x', { method: 'POST', body: { a: 1 }, key: 'k', version: 7 });

  const headers = new Headers(seen[0]?.[1].headers);
  expect(headers.get('x-parcours-console')).toBe('1');
  expect(headers.get('idempotency-key')).toBe('k');
  expect(headers.get('if-match')).toBe('"7"');
  expect(headers.get('accept-language')).toBe('fr');
  expect(seen[0]?.[1].body).toBe('{"a":1}');
});

test("a link's page brings its token and no cookie", async () => {
  const { client, seen } = recording(() => new Response('{}'));

  await client({ bearer: 'pe_1' }).ask('/v1/x', { method: 'POST', body: {} });

  const headers = new Headers(seen[0]?.[1].headers);
  expect(headers.get('authorization')).toBe('Bearer pe_1');
  expect(headers.get('x-parcours-console')).toBeNull();
  expect(seen[0]?.[1].credentials).toBe('omit');
});

test('a refusal says its code, its words and each wrong field', async () => {
  const body = { code: 'request.wrong', title: 'T', detail: 'D', errors: { a: { code: 'x', message: 'm' } } };
  const { client } = recording(() => new Response(JSON.stringify(body), { status: 422 }));

  const refused = await client().ask('/v1/x').catch((error: unknown) => error);

  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ status: 422, code: 'request.wrong', isPassing: false });
  expect((refused as Problem).errors['a']?.message).toBe('m');
});

test("a page of a proxy in between is a problem by its status, and one that passes", async () => {
  const { client } = recording(() => new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'retry-after': '3' } }));

  const refused = await client().ask('/v1/x').catch((error: unknown) => error);

  expect(refused).toMatchObject({ code: 'http.502', isPassing: true, retryAfterMs: 3000 });
});

test('an answer cut short counts as none', async () => {
  const { client } = recording(() => new Response('{"a":'));

  await expect(client().ask('/v1/x')).rejects.toBeInstanceOf(Unreachable);
});
