import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { Client } from '../api/client';
import { app } from './app.svelte';
import { Service, aroundOf, findings, listed, show, user } from './console.fake';
import { Waiting } from './waiting.svelte';

afterEach(cleanup);

const asked = { team: 'team:billing', question: 'Peut-on rembourser ?', by: null, accepted: null, reason: null };

function consulted(by: string): Service {
  const service = new Service();
  service.around = aroundOf(service.session, { by, consulting: 'team:billing', side_call: asked });
  service.view = { ...service.view, commands: [...service.view.commands, 'answer_consult'] };
  return service;
}

test.each([
  ['fr', 'Pour mes équipes et mes clients', 'Consultation'],
  ['en', 'For my teams and my customers', 'Side call'],
] as const)('what waits for my teams comes first, and stands once (%s)', async (language, title, tag) => {
  const service = new Service();
  service.forTeams = [listed('ses_t', { waiting: 'consult', title: 'Remboursement' })];
  service.waiting = [listed('ses_t', { title: 'Remboursement' }), listed('ses_o', { waiting: 'transfer', title: 'Panne' })];
  await show(service, '/', language);

  const first = (await screen.findByRole('heading', { name: new RegExp(title) })).closest('section') as HTMLElement;
  expect(within(first).getByRole('button', { name: /Remboursement/ }).textContent).toContain(tag);
  expect(within(screen.getByRole('complementary')).getAllByRole('button', { name: /Remboursement/ })).toHaveLength(1);
});

test('a colleague takes a side call', async () => {
  const service = consulted('advisor:paul');
  await show(service, `/s/${service.session}`);
  const call = await screen.findByRole('region', { name: 'Consultation' });
  expect(call.textContent).toContain('Facturation');
  expect(call.textContent).toContain('Peut-on rembourser ?');

  await user.click(within(call).getByRole('button', { name: 'J’y vais' }));

  await expect.poll(() => service.commands.map((one) => one['type'])).toEqual(['answer_consult']);
});

test('a colleague declines a side call with a reason', async () => {
  const service = consulted('advisor:paul');
  await show(service, `/s/${service.session}`);
  const call = await screen.findByRole('region', { name: 'Consultation' });

  await user.click(within(call).getByRole('button', { name: 'Refuser…' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByRole('textbox'), 'Déjà en ligne');
  await user.keyboard('{Control>}{Enter}{/Control}');

  await expect.poll(() => service.commands).toMatchObject([{ type: 'answer_consult', accept: false, reason: 'Déjà en ligne' }]);
});

test('whoever asked for a side call is told, and does not answer it', async () => {
  const service = consulted('advisor:ana');
  await show(service, `/s/${service.session}`);

  const call = await screen.findByRole('region', { name: 'Consultation' });

  expect(call.textContent).toContain('personne n’a encore répondu');
  expect(within(call).queryByRole('button')).toBeNull();
});

test.each([
  ['fr', 'On vous attend.: Panne', 'En attente pour mes équipes et mes clients.: 2', 'Demandé par bruno. On rembourse ?'],
  ['en', 'Somebody waits for you: Panne', 'Waiting for my teams and my customers: 2', 'Asked by bruno. On rembourse ?'],
] as const)('what is asked of my team comes without a reload, and goes once it is answered (%s)', async (language, told, counted, by) => {
  const service = new Service();
  service.forTeams = [listed('ses_t', { waiting: 'transfer', title: 'Remboursement' })];
  await show(service, '/', language);
  const lists = within(screen.getByRole('complementary'));
  await lists.findByRole('button', { name: /Remboursement/ });

  const asked = { what: 'consult', to: 'team:billing', by: 'advisor:bruno', at: 0, question: 'On rembourse ?' };
  const motives = [{ code: 'line', label: 'Plus d’internet' }];
  service.hear({ kind: 'asked', item: listed('ses_n', { waiting: 'consult', title: 'Panne', about: ['F-1042'], asked, motives }) });

  const row = await lists.findByRole('button', { name: /Panne/ });
  expect(row.textContent).toContain('F-1042 · Plus d’internet');
  expect(row.textContent).toContain(by);
  expect(screen.getByRole('link', { name: new RegExp(counted) }).textContent).toBe('2');
  expect(app.announced).toMatch(new RegExp(told));
  expect(await findings()).toEqual([]);

  app.tell('vu');
  service.hear({ kind: 'asked', item: listed('ses_t', { waiting: 'transfer', title: 'Remboursement', asked: { ...asked, by: 'advisor:ana' } }) });
  await expect.poll(() => lists.getByRole('button', { name: /Remboursement/ }).textContent).toContain('Ana Martin');
  expect(app.told).toBe('vu');

  service.hear({ kind: 'changed', item: listed('ses_n', { waiting: 'consult', title: 'Panne', about: ['F-7'], asked }) });
  await expect.poll(() => lists.getByRole('button', { name: /Panne/ }).textContent).toContain('F-7');
  service.hear({ kind: 'gone', session: 'ses_n' });
  service.hear({ kind: 'gone', session: 'ses_t' });
  await expect.poll(() => lists.queryByRole('button', { name: /Panne|Remboursement/ })).toBeNull();
  expect(screen.queryByRole('link', { name: /2/ })).toBeNull();
});

test('a page that nobody sees keeps no connection, and is told the whole when it is seen again', async () => {
  const service = new Service();
  service.forTeams = [listed('ses_t', { waiting: 'transfer', title: 'Remboursement' })];
  await show(service, '/');
  await expect.poll(() => app.waiting.items?.length).toBe(1);
  const streams = (): number => service.asked.filter((one) => one.path === '/v1/waiting/stream').length;
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  document.dispatchEvent(new Event('visibilitychange'));
  service.forTeams = [];

  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event('visibilitychange'));

  await expect.poll(() => app.waiting.items).toEqual([]);
  expect(streams()).toBe(2);
  hidden.mockRestore();
});

test('where no stream comes through, what waits is looked at', async () => {
  const service = new Service();
  const client = new Client({ language: () => 'fr', fetch: async (input, init) => {
    if (String(input).endsWith('/stream')) throw new TypeError('held back');
    return service.fetch(input, init);
  } });
  service.on(/GET \/v1\/sessions$/, ({ query }) => ({ items: query.get('waiting') === 'teams' ? [listed('ses_t')] : [], next: null }));
  vi.useFakeTimers();
  const waiting = new Waiting(client, () => undefined);

  waiting.watch(true);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(waiting.items?.map((one) => one.id)).toEqual(['ses_t']);
  waiting.forget();
  vi.useRealTimers();
});
