// @vitest-environment-options { "url": "https://app.example/sidebar.html?origin=https%3A%2F%2Fcrm.example&app_guid=g1" }
import { afterEach, beforeEach, expect, test } from 'vitest';
import { around, CRM, OUTCOME, SERVICE, speakAsFrame, until } from './hosts.fake';
import type { ZendeskOptions } from './zendesk';

interface Asked {
  id?: number;
  key?: string;
  request?: string;
  params?: unknown;
}

let asked: Asked[] = [];
let errors: string[] = [];
let isBroken = false;

/** Zendesk's side of its framework: the handshake, then answers to get, set and invoke. */
function zendeskPage(): void {
  const { say } = around((message, origin) => {
    expect(origin).toBe(CRM);
    const told = JSON.parse(String(message)) as Asked;
    if (told.key === 'iframe.handshake') {
      say({
        key: 'zaf.app.registered',
        message: { metadata: {}, context: { ticketId: 42, location: 'ticket_sidebar', account: { subdomain: 'shop' } } },
      });
    }
    if (told.request === undefined) return;
    asked.push(told);
    const result = told.request === 'get' ? { 'ticket.id': 42, 'currentUser.locale': 'fr-FR' } : {};
    say(
      isBroken && told.request !== 'get'
        ? { id: told.id, error: { name: 'Error', message: 'no comment box' } }
        : { id: told.id, result },
    );
  });
}

async function begun(more: Partial<ZendeskOptions> = {}) {
  zendeskPage();
  const { zendesk } = await import('./zendesk');
  return zendesk({
    place: document.body,
    base: SERVICE,
    token: ({ ticket, subdomain }) => `pe_${subdomain}_${ticket}`,
    fields: { qualification: 7, action: 8, outcome: 9 },
    onerror: ({ code }) => errors.push(code),
    ...more,
  });
}

beforeEach(() => {
  asked = [];
  errors = [];
  isBroken = false;
});
afterEach(() => document.body.replaceChildren());

test('the ticket at hand opens its session, with the token of the integrator’s own server', async () => {
  const { host, close } = await begun();
  const address = new URL(host!.frame.src);
  expect(address.origin + address.pathname).toBe(`${SERVICE}/embed`);
  expect(address.search).toBe('');
  const parts = new URLSearchParams(address.hash.slice(1));
  expect(Object.fromEntries(parts)).toEqual({ t: 'pe_shop_42', origin: 'https://app.example', lang: 'fr' });
  close();
  expect(document.querySelector('iframe')).toBeNull();
});

test('what is said goes into the comment; the outcome too, and its codes into custom fields', async () => {
  await begun();
  speakAsFrame('say', { text: 'Bonjour.' });
  speakAsFrame('outcome', OUTCOME);
  const set = await until(() => asked.find((one) => one.request === 'set'));
  expect(set.params).toEqual({
    'ticket.customField:custom_field_7': 'transport.avarie',
    'ticket.customField:custom_field_8': 'geste renvoi',
    'ticket.customField:custom_field_9': 'resolved',
  });
  expect(asked.filter((one) => one.request === 'invoke').map((one) => one.params)).toEqual([
    { 'comment.appendText': ['Bonjour.'] },
    { 'comment.appendText': [OUTCOME.summary] },
  ]);
});

test('the sidebar grows with the page', async () => {
  await begun();
  speakAsFrame('resize', { height: 321.4 });
  const invoked = await until(() => asked.find((one) => one.request === 'invoke'));
  expect(invoked.params).toEqual({ resize: [{ width: '100%', height: '322px' }] });
});

test('another page that speaks is not heard', async () => {
  await begun();
  speakAsFrame('say', { text: 'evil' }, 'https://evil.example');
  speakAsFrame('say', { text: 'good' });
  const invoked = await until(() => asked.find((one) => one.request === 'invoke'));
  expect(invoked.params).toEqual({ 'comment.appendText': ['good'] });
});

test('what Zendesk refuses is told, and nothing breaks', async () => {
  await begun();
  isBroken = true;
  speakAsFrame('say', { text: 'Bonjour.' });
  await until(() => errors.length > 0);
  expect(errors).toEqual(['zendesk.comment']);
});

test('without a token nothing opens, and the reason is told', async () => {
  const { host } = await begun({ token: () => Promise.reject(new Error('not signed in')) });
  expect(host).toBeNull();
  expect(errors).toEqual(['adapter.no-token']);
});
