import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { Service, aroundOf, findings, problem, show, user, viewOf } from './console.fake';

afterEach(cleanup);

const OVERDUE = {
  id: 'ses_p.2', session: 'ses_p', number: 2, what: 'Rappeler avant midi', due: Date.UTC(2026, 9, 1, 10), state: 'overdue', reason: null,
  by: 'advisor:ana', team: null, journey: 'parcel', motive: 'parcel.late',
};

test('what is owed is listed, kept by one press, or given up with its reason', async () => {
  const service = new Service();
  let left: object[] = [OVERDUE, { ...OVERDUE, id: 'ses_p.3', number: 3, what: null, due: null, state: 'open', team: 'vendeur' }];
  service.on(/GET \/v1\/promises/, () => ({ items: left, next: null }));
  service.on(/POST \/v1\/sessions\/ses_p\/commands/, () => ({ session: 'ses_p', view: viewOf('ses_p') }));
  await show(service, '/promises');

  const first = (await screen.findByText('Rappeler avant midi')).closest('li') as HTMLElement;
  expect(first.textContent).toContain('en retard');
  await user.click(within(first).getByRole('button', { name: 'Non tenue…' }));
  await user.type(within(first).getByRole('textbox', { name: /Pourquoi n’est-elle pas tenue/ }), 'Plus de pièces');
  left = left.slice(1);
  await user.click(within(first).getByRole('button', { name: 'Enregistrer' }));
  await expect.poll(() => screen.queryByText('Rappeler avant midi')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'C’est fait' }));

  await expect.poll(() => service.commands).toEqual([
    { type: 'follow_promise', promise: 2, state: 'broken', reason: 'Plus de pièces' },
    { type: 'follow_promise', promise: 3, state: 'kept' },
  ]);
  expect(await findings()).toEqual([]);
});

test('one’s teams’ are another list, and a list that cannot be read says why', async () => {
  const service = new Service();
  service.on(/GET \/v1\/promises/, ({ query }) => (query.get('whose') === 'team' ? problem(503, 'service.busy', { detail: 'Too busy.' }) : { items: [], next: null }));
  await show(service, '/promises', 'en');
  expect(await screen.findByText('No promises.')).toBeTruthy();

  await user.selectOptions(screen.getByRole('combobox', { name: 'Which ones' }), 'my teams’');

  expect((await screen.findByRole('alert')).textContent).toContain('Too busy.');
});

test('the panel of a session says what was promised, and takes that it is kept', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { commands: ['follow_promise'] });
  service.around = aroundOf(service.session, { promises: [{ number: 1, what: 'Rappeler', due: null, state: 'soon' }] });
  await show(service, `/s/${service.session}`);

  const panel = within((await screen.findByText('Rappeler')).closest('li') as HTMLElement);
  await user.click(panel.getByRole('button', { name: 'C’est fait' }));

  await expect.poll(() => service.commands).toEqual([{ type: 'follow_promise', promise: 1, state: 'kept' }]);
});
