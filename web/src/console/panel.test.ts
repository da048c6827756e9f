/** What stands beside the step: who the customer is, which request this is, and nothing that hurries. */
import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { Service, aroundOf, contact, findings, user, viewOf } from './console.fake';

afterEach(cleanup);

const OPENED = Date.UTC(2026, 9, 1, 9, 30);
const CUSTOMER = {
  id: 'cus_1', facts: {}, keys: [{ kind: 'email', value: 'claire@example.org' }, { kind: 'phone', value: '+33612345678' }],
};
const TICKET = {
  id: 'tic_1', status: 'open', motive: 'parcel', motive_label: 'Suivi de livraison', opened_at: OPENED, sessions: ['ses_a', 'ses_b'],
  contacts: { inbound: 2, internal: 1 }, expected: 1, instead: 'new', why: { what: 'attach', reason: 'same', text: 'Même motif, même objet.' },
  open_sessions: [{ id: 'ses_b', status: 'paused', step_title: 'Choix de la commande' }, { id: 'ses_c', status: 'paused', step_title: null }],
};

async function surrounded(): Promise<Service> {
  const service = new Service();
  service.view = { ...service.view, commands: [...service.view.commands, 'attach'] };
  service.around = aroundOf(service.session, { customer: CUSTOMER, customer_name: 'Claire Dubois', ticket: TICKET });
  await contact(service);
  await expect.poll(() => screen.queryByRole('heading', { name: 'Demande' })).toBeTruthy();
  return service;
}

/** Without the spaces that do not break, which French sets before its colons. */
const plain = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').trim();
const section = (name: string): HTMLElement => screen.getByRole('heading', { name }).closest('section')!;

test('the panel says who the customer is and under which addresses they are known', async () => {
  await surrounded();

  const customer = within(section('Client'));

  expect(customer.getByText('Claire Dubois')).toBeTruthy();
  expect(customer.getAllByRole('listitem').map((one) => one.textContent)).toEqual(['claire@example.org', '+33612345678']);
  expect(await findings()).toEqual([]);
});

test('the panel says which request this is, how often the customer came, and where it goes on', async () => {
  await surrounded();

  const said = plain(section('Demande').textContent);

  for (const words of ['2 sessions · Suivi de livraison', 'Le client est venu 2 fois', 'Un seul contact suffit', 'Même motif, même objet.']) {
    expect(said).toContain(words);
  }
  const links = within(section('Demande')).getAllByRole('link');
  expect(links.map((one) => plain(one.textContent))).toEqual(['Une session est en cours : Choix de la commande', 'Une session est en cours']);
});

test('one key says that it is another request', async () => {
  const service = await surrounded();

  await user.keyboard('d');

  await expect.poll(() => service.commands).toEqual([{ type: 'attach', ticket: 'new' }]);
});

test('one key puts the customer on hold, and the same takes them back', async () => {
  const service = await surrounded();
  service.on(/POST .*\/commands$/, ({ body }) => {
    const held = body?.['type'] === 'hold';
    const commands = service.view.commands.filter((one) => !['hold', 'unhold'].includes(one));
    service.view = viewOf(service.session, { version: service.view.version + 1, held, commands: [...commands, held ? 'unhold' : 'hold'] });
    return service.view;
  });

  await user.keyboard('h');
  expect(await screen.findByText('Client en attente')).toBeTruthy();
  await user.keyboard('h');

  await expect.poll(() => service.commands.map((one) => one['type'])).toEqual(['hold', 'unhold']);
  await expect.poll(() => screen.queryByText('Client en attente')).toBeNull();
});

const SCREENS = import.meta.glob<string>(['../**/*.svelte', '../widget/*.ts'], { query: '?raw', import: 'default', eager: true });

test('no screen is written with a gauge, a timer or a count that runs down', () => {
  const hurrying = /<(?:meter|progress)\b|role="(?:timer|meter|progressbar)"|requestAnimationFrame\(|count ?down/i;

  expect(Object.keys(SCREENS).length).toBeGreaterThan(40);
  expect(Object.entries(SCREENS).filter(([, source]) => hurrying.test(source)).map(([name]) => name)).toEqual([]);
});

const SLOW = { target_ms: 1, time: 'useful' };
const PENDING = { effect: 'e1', operation: 'net.line_test', status: 'requested', asked_at: OPENED };

test.each([
  ['a question', {}],
  ['a customer on hold', { held: true, marks: ['searching'] }],
  ['a system that is waited for', { status: 'pending', pending: PENDING }],
  ['a wrap-up', { status: 'ended', outcome: 'resolved', step: null }],
])('ten minutes before %s change nothing that one reads: no clock hurries anyone', async (_, more) => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    const service = new Service();
    service.view = viewOf(service.session, { ...(more as object), ...('step' in more ? {} : { step: { ...service.view.step!, ...SLOW } }) });
    await contact(service);
    await vi.advanceTimersByTimeAsync(5_000);
    const before = document.body.textContent;

    await vi.advanceTimersByTimeAsync(600_000);

    expect(document.body.textContent).toBe(before);
  } finally {
    vi.useRealTimers();
  }
});
