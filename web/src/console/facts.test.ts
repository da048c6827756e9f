import { cleanup, screen } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { Service, aroundOf, contact, findings, user, viewOf } from './console.fake';
import { type Facts, broughtUp, missing } from './facts';

afterEach(cleanup);

const BEFORE: Facts = { language: 'fr', next: 'Rien à faire.', isOwn: false, promises: [], notes: ['a rappelé'] };
const NOW: Facts = { ...BEFORE, next: 'Rappeler lundi', isOwn: true, promises: ['Rappeler'], notes: ['a rappelé', 'pressé'] };
const TEXT = 'Vu avec Claire.\nSuite : Rien à faire.\nNotes : a rappelé\nTrès contente.';

test('what changed since is brought in, in the place of its earlier line; own words stay', () => {
  expect(broughtUp(TEXT, NOW, BEFORE).split('\n')).toEqual([
    'Vu avec Claire.', 'Suite : Rappeler lundi', 'Notes : a rappelé / pressé', 'Très contente.', 'Promesses : Rappeler',
  ]);
});

test('what was worded otherwise by hand is left so, and another language is no change', () => {
  expect(missing('Rien de plus.', BEFORE, BEFORE)).toEqual({});
  expect(missing('Rien de plus.', { ...BEFORE, language: 'en', next: 'Nothing to do.' }, BEFORE)).toEqual({});
  expect(missing('Rien de plus.', NOW, BEFORE)).toEqual({ promises: ['Rappeler'], next: 'Rappeler lundi', notes: ['pressé'] });
});

async function written(): Promise<{ summary: HTMLTextAreaElement; following: HTMLTextAreaElement }> {
  const service = new Service();
  service.view = viewOf(service.session, { status: 'ended', outcome: 'resolved', step: null });
  service.around = aroundOf(service.session);
  await contact(service);
  const summary = screen.getByLabelText<HTMLTextAreaElement>('Résumé');
  const following = screen.getByLabelText<HTMLTextAreaElement>('Suite');
  await expect.poll(() => summary.value).toContain('Suite : Rien à faire.');
  await user.type(summary, ' Très contente.');
  await user.clear(following);
  await user.type(following, 'Rappeler lundi');
  return { summary, following };
}

test('a summary written by hand says that what comes next has changed, and takes it on by one press', async () => {
  const { summary } = await written();
  expect(summary.value).toContain('Rien à faire. Très contente.');
  expect((await screen.findByText(/Changé depuis/)).textContent).toContain('Rappeler lundi');
  expect(await findings()).toEqual([]);

  await user.click(screen.getByRole('button', { name: 'Mettre à jour' }));

  expect(summary.value).toContain('Très contente.');
  expect(summary.value).toContain('Suite : Rappeler lundi');
  expect(screen.queryByText(/Changé depuis/)).toBeNull();
});

test('what is left as it is is offered no more', async () => {
  const { summary } = await written();

  await user.click(await screen.findByRole('button', { name: 'Laisser tel quel' }));

  expect(summary.value).not.toContain('Rappeler lundi');
  expect(screen.queryByText(/Changé depuis/)).toBeNull();
});
