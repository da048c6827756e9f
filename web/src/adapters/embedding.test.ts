/** The snippets of docs/embedding.md do what the page says: they are run as they are written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LinkService, question } from '../care/service.fake';
import { FRAME_TYPES, HOST_TYPES } from '../embed/protocol';
import { SERVICE, speakAsFrame, OUTCOME, until } from './hosts.fake';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/embedding.md'), 'utf8');

interface Snippet {
  markup: string;
  script: string;
}

/** The first HTML of a chapter, parted into elements and script. */
function snippet(chapter: string): Snippet {
  const text = PAGE.split(`\n## ${chapter}\n`)[1]?.split('\n## ')[0] ?? '';
  const html = /```html\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const scripts = [...html.matchAll(/<script type="module">([\s\S]*?)<\/script>/g)].map((one) => one[1]!);
  return { markup: html.replace(/<script[\s\S]*?<\/script>/g, ''), script: scripts.join('\n') };
}

/** Put a snippet's elements into the page: only what it writes, made one by one. */
function place(markup: string): void {
  for (const [, name, attributes] of markup.matchAll(/<([a-z-]+)([^>]*)>/g)) {
    const element = document.createElement(name!);
    for (const [, key, value] of attributes!.matchAll(/([\w-]+)="([^"]*)"/g)) element.setAttribute(key!, value!);
    document.body.append(element);
  }
}

/** Run a snippet's script; what it imports is given by name. */
async function run(script: string, given: Record<string, unknown> = {}): Promise<void> {
  const Run = Object.getPrototypeOf(async () => undefined).constructor as new (...parts: string[]) => (
    ...values: unknown[]
  ) => Promise<void>;
  const body = script.replace(/^\s*import .*$/gm, '');
  await new Run(...Object.keys(given), body)(...Object.values(given));
}

let logged: unknown[][] = [];
beforeEach(() => {
  logged = [];
  localStorage.clear();
  vi.spyOn(console, 'log').mockImplementation((...args) => void logged.push(args));
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

test('the widget’s snippet hears steps and the outcome', async () => {
  const service = new LinkService([[question('order')]]);
  vi.stubGlobal('fetch', service.fetch);
  await import('../widget/runner');
  const { markup, script } = snippet('The widget');
  place(markup.replace('pe_…', 'pe_1'));
  await run(script);
  await until(() => logged.length > 0);
  expect(logged[0]).toEqual(['ses_1', 's0', 'Étape 0']);
  expect(service.seen[0]?.bearer).toBe('Bearer pe_1');
});

test('the frame’s snippet opens the frame, says how to look, and takes texts, heights and the outcome', async () => {
  const { markup, script } = snippet('The frame');
  place(markup);
  await run(script);
  const frame = document.querySelector('iframe')!;
  expect(frame.src).toBe(`${SERVICE}/embed#t=pe_%E2%80%A6&origin=${encodeURIComponent(location.origin)}`);
  const sent: unknown[][] = [];
  (frame.contentWindow as Window).postMessage = ((...args: unknown[]) => sent.push(args)) as never;
  speakAsFrame('say', { text: 'evil' }, 'https://evil.example');
  speakAsFrame('ready', {});
  speakAsFrame('resize', { height: 321 });
  speakAsFrame('say', { text: 'Bonjour.' });
  speakAsFrame('outcome', OUTCOME);
  expect(sent).toEqual([[expect.objectContaining({ v: 1, type: 'context', language: 'fr', reply: true }), SERVICE]]);
  expect(frame.height).toBe('321');
  expect(document.querySelector('textarea')!.value).toBe('Bonjour.');
  expect(logged).toEqual([['resolved', OUTCOME.codes, OUTCOME.summary, OUTCOME.fields]]);
});

test.each([
  ['Zendesk', 'zendesk', { ticket: '42', subdomain: 'shop' }, 'ticket=42'],
  ['Front', 'front', { conversation: 'cnv 1', teammate: null }, 'conversation=cnv%201'],
  ['Genesys Cloud', 'genesys', { conversation: 'c1' }, 'conversation=c1'],
])('%s’s snippet takes its token from the integrator’s own server', async (chapter, name, context, query) => {
  const { markup, script } = snippet(chapter);
  expect(script).toContain(`from '${SERVICE}/embed/adapters/${name}.js'`);
  place(markup);
  let options: { place: HTMLElement; base: string; token: (context: unknown) => Promise<string> } | undefined;
  await run(script, { [name]: (given: typeof options) => (options = given) });
  expect(options?.place).toBe(document.querySelector('#journey'));
  expect(options?.base).toBe(SERVICE);
  const asked: string[] = [];
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    return Promise.resolve(new Response(asked.length === 1 ? 'pe_7' : '', { status: asked.length === 1 ? 200 : 403 }));
  });
  expect(await options?.token(context)).toBe('pe_7');
  expect(asked[0]).toBe(`https://crm.example/journey-token?${query}`);
  await expect(options?.token(context)).rejects.toThrow('No token: 403');
});

test('Genesys’ snippet gives the outcome to the integrator’s own server', async () => {
  let options: { keep: (outcome: unknown, context: unknown) => Promise<void> } | undefined;
  await run(snippet('Genesys Cloud').script, { genesys: (given: typeof options) => (options = given) });
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', (_address: string, init: RequestInit) => {
    sent.push(JSON.parse(String(init.body)));
    return Promise.resolve(new Response('', { status: sent.length === 1 ? 200 : 500 }));
  });
  await options?.keep(OUTCOME, { conversation: 'c1' });
  expect(sent).toEqual([{ conversation: 'c1', codes: OUTCOME.codes, outcome: 'resolved' }]);
  await expect(options?.keep(OUTCOME, { conversation: 'c1' })).rejects.toThrow('Not kept: 500');
});

test('every message of the protocol is written down, and no other', () => {
  const rows = [...PAGE.split('\n## The frame\n')[1]!.split('\n## ')[0]!.matchAll(/^\| `(\w+)` \|/gm)].map((one) => one[1]);
  expect(rows.toSorted()).toEqual([...HOST_TYPES, ...FRAME_TYPES].toSorted());
});
