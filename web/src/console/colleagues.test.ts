import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import type { Line } from '../api/types';
import { Service, contact, show, user, viewOf } from './console.fake';

afterEach(cleanup);

const line = (visit: number, by: string): Line => ({
  visit, step: 's1', title: `Étape ${visit}`, kind: 'ask', run: 'main', at: 0, left_at: 0, how: 'answered', by,
  values: {}, shown: {}, source: null, codes: [], undone: false,
}) as unknown as Line;

/** A service that knows some people by name. */
function knowing(names: Record<string, string>): Service {
  const service = new Service();
  service.on(/colleagues:name$/, ({ body }) => ({
    items: (body?.['by'] as string[]).filter((by) => by in names).map((by) => ({ by, name: names[by] })),
  }));
  return service;
}

test('the history says by whose name a step was done, asked for all at once', async () => {
  const service = knowing({ 'advisor:bruno': 'Bruno Leroy', 'advisor:chloe': 'Chloé Petit' });
  service.view = viewOf(service.session, { history: [line(1, 'advisor:bruno'), line(2, 'advisor:chloe'), line(3, 'advisor:key-7')] });

  await contact(service);

  const rail = await screen.findByRole('complementary', { name: 'Historique' });
  await expect.poll(() => rail.textContent).toContain('par Bruno Leroy');
  expect(rail.textContent).toContain('par Chloé Petit');
  expect(rail.textContent).toContain('par key-7');
  const asked = service.asked.filter((one) => one.path === '/v1/colleagues:name');
  expect(asked.map((one) => one.body)).toEqual([{ by: ['advisor:bruno', 'advisor:chloe', 'advisor:key-7'] }]);
});

test('two colleagues who are called the same are told apart', async () => {
  const service = knowing({ 'advisor:p1': 'Paul Roux', 'supervisor:p2': 'Paul Roux' });
  service.me = { ...service.me, tenant: 'other' };
  service.view = viewOf(service.session, { history: [line(1, 'advisor:p1'), line(2, 'supervisor:p2')] });

  await contact(service);

  const rail = await screen.findByRole('complementary', { name: 'Historique' });
  await expect.poll(() => rail.textContent).toContain('par Paul Roux (p1)');
  expect(rail.textContent).toContain('par Paul Roux (p2)');
});

test.each([
  ['fr', 'Vous avez demandé un transfert vers Facturation', 'La reprendre'],
  ['en', 'You asked for a transfer to Facturation', 'Take it back'],
] as const)('whoever asked for a transfer is told that it waits, and takes it back with one button (%s)', async (language, told, label) => {
  const service = new Service();
  service.view = viewOf(service.session, { status: 'waiting', transfer: { what: 'transfer', to: 'team:billing', by: 'advisor:ana' }, commands: ['accept', 'decline'] });
  await show(service, `/s/${service.session}`, language);
  const section = (await screen.findByText(new RegExp(told))).closest('section') as HTMLElement;

  expect(within(section).getAllByRole('button')).toHaveLength(1);
  await user.click(within(section).getByRole('button', { name: label }));

  await expect.poll(() => service.commands).toEqual([{ type: 'accept' }]);
});

test('a colleague reads who asks for the transfer, and takes or declines it', async () => {
  const service = knowing({ 'advisor:bruno': 'Bruno Leroy' });
  service.me = { ...service.me, tenant: 'third' };
  service.view = viewOf(service.session, { status: 'waiting', transfer: { what: 'transfer', to: 'team:billing', by: 'advisor:bruno' }, commands: ['accept', 'decline'] });
  await contact(service);

  const section = (await screen.findByText(/Par Bruno Leroy/)).closest('section') as HTMLElement;

  expect(within(section).getAllByRole('button').map((one) => one.textContent)).toEqual(['Prendre la session', 'Refuser…']);
});
