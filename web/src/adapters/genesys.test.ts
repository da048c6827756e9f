// @vitest-environment-options { "url": "https://app.example/widget.html?gcHostOrigin=https%3A%2F%2Fapps.mypurecloud.com&gcTargetEnv=prod&conversationId=c1" }
import { afterEach, beforeEach, expect, test } from 'vitest';
import { around, OUTCOME, SERVICE, speakAsFrame, until } from './hosts.fake';
import type { GenesysOptions } from './genesys';

const GENESYS = 'https://apps.mypurecloud.com';

interface Told {
  action: string;
  [part: string]: unknown;
}

let told: Told[] = [];
let errors: string[] = [];
let say: (data: unknown, origin?: string) => void;

/** Genesys Cloud's side: hears the app's messages, sends the hooks of its life. */
beforeEach(() => {
  told = [];
  errors = [];
  ({ say } = around((message, origin) => {
    expect(origin).toBe(GENESYS);
    told.push(message as Told);
  }));
});
afterEach(() => document.body.replaceChildren());

const hook = (name: string, origin = GENESYS): void => say({ purecloudEventType: 'appLifecycleHook', hook: name }, origin);
const actions = (): string[] => told.map(({ action }) => action);

async function begun(more: Partial<GenesysOptions> = {}) {
  const { genesys } = await import('./genesys');
  return genesys({
    place: document.body,
    base: SERVICE,
    conversation: new URLSearchParams(location.search).get('conversationId'),
    token: ({ conversation }) => `pe_${conversation}`,
    onerror: ({ code }) => errors.push(code),
    ...more,
  });
}

test('the interaction opens its session, and Genesys is told when the page is there', async () => {
  const { host } = await begun();
  expect(host!.frame.src).toContain('t=pe_c1');
  hook('bootstrap');
  await until(() => actions().includes('bootstrapped'));
});

test('hooks from another origin are not heard', async () => {
  await begun();
  hook('bootstrap', 'https://evil.example');
  expect(actions()).toEqual([]);
});

test('what is said goes into the agent’s message box', async () => {
  await begun();
  speakAsFrame('say', { text: 'Bonjour.' });
  expect(told).toEqual([
    expect.objectContaining({ action: 'proposeInteractionMessage', mode: 'insert', message: 'Bonjour.' }),
  ]);
});

test('the outcome is proposed as a message and kept by the integrator’s own server', async () => {
  const kept: unknown[] = [];
  await begun({ keep: (outcome, context) => Promise.resolve(void kept.push([outcome.codes, context])) });
  speakAsFrame('outcome', OUTCOME);
  expect(told.at(-1)).toMatchObject({ action: 'proposeInteractionMessage', message: OUTCOME.summary });
  expect(kept).toEqual([[OUTCOME.codes, { conversation: 'c1' }]]);
});

test('codes that could not be kept are told to the agent', async () => {
  await begun({ keep: () => Promise.reject(new Error('Platform API: 429')) });
  speakAsFrame('outcome', OUTCOME);
  await until(() => errors.length > 0);
  expect(told.at(-1)).toMatchObject({ action: 'showToast', type: 'error', message: 'Platform API: 429' });
});

test('when Genesys stops the app, the session is put down before it says so', async () => {
  const { host } = await begun();
  const sent: unknown[] = [];
  (host!.frame.contentWindow as Window).postMessage = ((message: unknown) => sent.push(message)) as never;
  hook('stop');
  await until(() => actions().includes('stopped'));
  expect(sent).toEqual([expect.objectContaining({ v: 1, type: 'end' })]);
});
