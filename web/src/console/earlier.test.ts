import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { app } from './app.svelte';
import { Service, aroundOf, contact, findings, problem, user } from './console.fake';

afterEach(cleanup);

const CUSTOMER = { id: 'cus_1', keys: [{ kind: 'email', value: 'claire@exemple.fr' }], facts: {} };
const BEFORE = {
  id: 'ses_before', title: 'Suivi de livraison', channel: 'chat', status: 'ended', outcome: 'unresolved', motive: { code: 'livraison.suivi', label: 'Rien reçu' },
  started_at: Date.UTC(2026, 9, 1, 9, 30), updated_at: Date.UTC(2026, 9, 1, 9, 40), holder: 'advisor:bruno', ticket: null,
};

async function known(...earlier: object[]): Promise<Service> {
  const service = new Service();
  service.around = aroundOf(service.session, { customer: CUSTOMER });
  service.earlier = [{ ...BEFORE, id: service.session, motive: null, outcome: null, status: 'active' }, ...earlier];
  service.on(/ses_before\/transcript$/, () => ({ items: [
    { at: 1, by: 'customer', what: 'said', text: 'rien reçu' },
    { at: 2, by: 'advisor:bruno', what: 'answered', title: 'La commande', shown: { order: 'F-1042' }, undone: false },
    { at: 3, by: 'system', what: 'succeeded', title: 'Lecture', shown: {}, undone: false },
    { at: 4, by: 'advisor:bruno', what: 'noted', text: 'il rappellera' },
    { at: 5, by: 'system', what: 'ended', text: 'unresolved' },
  ] }));
  service.on(/ses_before\/trace$/, () => ({ declaration: [{ code: 'livraison.suivi', label: 'Rien reçu' }], qualification: [], action: [], not_reached: [], undone: [] }));
  service.on(/ses_before\/timeline$/, () => ({ contacts: [{ duration_ms: 240_000 }] }));
  service.on(/ses_before\/wrap-up$/, () => ({ summary: 'Le voisin l’a peut-être.', next: 'Demander au voisin', version: 1, at: 1, by: 'advisor:bruno' }));
  await contact(service);
  return service;
}

test('earlier contacts stand with date, channel, motive and outcome, the running one not among them', async () => {
  await known(BEFORE);

  const list = await screen.findByRole('list', { name: /Contacts passés/ });
  const lines = within(list).getAllByRole('button');
  expect(lines.map((line) => line.textContent?.replace(/\s+/g, ' '))).toEqual([expect.stringMatching(/1 oct\..*Chat.*Rien reçu.*Pas résolu/)]);
  expect(await findings()).toEqual([]);
});

test('one key leads to them; their path is read beside, and Escape leads back: the running contact never left', async () => {
  const service = await known(BEFORE);
  await screen.findByRole('list', { name: /Contacts passés/ });
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard('v');
  await expect.poll(() => (document.activeElement as HTMLElement | null)?.dataset['session']).toBe('ses_before');

  await user.keyboard('{Enter}');

  const path = await screen.findByRole('region', { name: /Contact du/ });
  await expect.poll(() => path.textContent).toContain('F-1042');
  expect(path.textContent).toMatch(/4\smin/);
  for (const said of ['par bruno', 'Le voisin l’a peut-être.', 'Demander au voisin', 'il rappellera', 'fait par un système', 'Pas résolu', 'rien reçu']) expect(path.textContent).toContain(said);
  expect(document.activeElement?.textContent).toMatch(/Contact du/);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('La plainte');
  expect(location.pathname).toBe(`/s/${service.session}`);
  expect(await findings()).toEqual([]);
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('region', { name: /Contact du/ })).toBeNull();
  await expect.poll(() => (document.activeElement as HTMLElement | null)?.dataset['session']).toBe('ses_before');
  expect(service.asked.filter((one) => one.method !== 'GET' && one.path.startsWith('/v1/sessions'))).toEqual([]);
});

test('of many the latest five stand, the rest on demand', async () => {
  await known(...Array.from({ length: 8 }, (_, at) => ({ ...BEFORE, id: `ses_${at}x` })));
  const list = await screen.findByRole('list', { name: /Contacts passés/ });
  expect(within(list).getAllByRole('button').length).toBe(5);

  await user.click(screen.getByRole('button', { name: 'Les 8 contacts' }));

  expect(within(list).getAllByRole('button').length).toBe(8);
});

test('a path that cannot be read says so, and is tried again', async () => {
  const service = await known(BEFORE);
  let isUp = false;
  service.on(/ses_before\/transcript$/, () => (isUp ? { items: [{ at: 1, by: 'customer', what: 'said', text: 'retrouvé' }] } : problem(503, 'service.busy')));
  await user.click(within(await screen.findByRole('list', { name: /Contacts passés/ })).getByRole('button'));
  const path = await screen.findByRole('region', { name: /Contact du/ });
  await expect.poll(() => path.textContent).toContain('Ils n’ont pas pu être lus.');

  isUp = true;
  await user.click(within(path).getByRole('button', { name: 'Réessayer' }));

  await expect.poll(() => path.textContent).toContain('retrouvé');
});

test('the customer is called by name once it is known, and the ticket speaks in words', async () => {
  const service = new Service();
  const ticket = {
    id: 'tkt_1', status: 'open', motive: 'livraison.suivi', motive_label: 'Suivi de livraison', opened_at: Date.UTC(2026, 9, 1), sessions: ['s'],
    contacts: { inbound: 2, internal: 1 }, expected: 1,
  };
  service.around = aroundOf(service.session, { customer: CUSTOMER, customer_name: 'Claire Morel', ticket });
  await contact(service);

  const bar = within(await screen.findByRole('region', { name: 'Contact' }));
  expect((await bar.findByText('Claire Morel')).tagName).toBe('STRONG');
  expect(bar.getByText('claire@exemple.fr')).toBeTruthy();
  const card = screen.getByRole('heading', { name: 'Demande' }).closest('section')?.textContent;
  expect(card).toMatch(/Suivi de livraison/);
  expect(card).toMatch(/Le client est venu 2 fois pour cette demande\. Un seul contact suffit d’ordinaire\. Nos équipes se sont parlé une fois\./);
  expect(card).not.toMatch(/livraison\.suivi/);
  expect(app.tabs.find((tab) => tab.session === service.session)?.customer).toBe('Claire Morel');
});
