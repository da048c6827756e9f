import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { Service, aroundOf, listed, show, user } from './console.fake';

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
