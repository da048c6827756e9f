import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { app } from './app.svelte';
import { Service, contact, findings, problem, show, user, viewOf } from './console.fake';
import { type Left, unsent } from './unsent.svelte';

afterEach(cleanup);

/** What an earlier page of this browser left unsent for a session. */
function leave(session: string, left: { summary?: string; note?: string; answer?: string }): void {
  const at = Date.now() - 10_000;
  app.keep.write('closed', [{ session, title: 'Suivi de livraison', customer: 'Claire' }]);
  if (left.summary !== undefined) app.keep.write(`draft:${session}:wrap-up`, { values: { version: 0, summary: left.summary }, at });
  const entry = (key: string, version: number | null, command: object): object => ({ key, command, version, place: '1', at, sensitive: false });
  if (left.note !== undefined) app.keep.write(`queue:${session}:k1`, entry('k1', null, { type: 'note', text: left.note }));
  if (left.answer !== undefined) app.keep.write(`queue:${session}:k2`, entry('k2', 1, { type: 'answer', values: { order: left.answer } }));
}

async function waiting(): Promise<readonly Left[]> {
  await unsent.look();
  return unsent.list;
}

test('what a closed page left unsent is sent from home, without its contact being opened', async () => {
  const service = new Service();
  await show(service, '/');
  leave(service.session, { summary: 'Vu avec le client.', note: 'rappelle demain' });

  await unsent.look();

  await expect.poll(() => service.wrapUp.summary).toBe('Vu avec le client.');
  await expect.poll(() => service.commands).toEqual([{ type: 'note', text: 'rappelle demain' }]);
  await unsent.look();
  expect(unsent.list).toEqual([]);
  expect(app.keep.names('queue:')).toEqual([]);
  expect(app.isOpen(service.session)).toBe(false);
});

test('while the service is away one sees how much waits and where; it leaves once it is back', async () => {
  const service = new Service();
  let isUp = false;
  service.on(/wrap-up$/, () => (isUp ? service.wrapUp : Promise.reject(new TypeError('Failed to fetch'))));
  await show(service, '/');
  leave(service.session, { summary: 'Vu avec le client.' });

  await unsent.look();

  const sign = await screen.findByText('un envoi en attente', { selector: 'summary' });
  await user.click(sign);
  const list = within(sign.closest('details')!);
  expect(list.getByRole('link', { name: 'Claire · Suivi de livraison' }).getAttribute('href')).toBe(`/s/${service.session}`);
  expect(list.getByText('Vu avec le client.')).toBeTruthy();
  expect(await findings()).toEqual([]);
  isUp = true;
  dispatchEvent(new Event('online'));
  await expect.poll(waiting).toEqual([]);
  expect(service.asked.filter((one) => one.method === 'PUT' && one.path.endsWith('/wrap-up'))).toHaveLength(1);
});

test('what somebody wrote meanwhile is never written over: the contact shows both', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { status: 'ended', outcome: 'resolved', step: null });
  service.wrapUp = { ...service.wrapUp, version: 3, by: 'advisor:bruno' };
  Object.assign(service.wrapUp, { summary: 'Vu par Bruno.' });
  await show(service, '/');
  leave(service.session, { summary: 'Vu avec le client.' });

  await unsent.look();
  await expect.poll(async () => (await waiting()).map((one) => one.state)).toEqual(['met']);
  app.go(`/s/${service.session}`);

  expect(await screen.findByText(/bruno a écrit autre chose/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLTextAreaElement>('Résumé').value).toBe('Vu avec le client.');
  expect(service.wrapUp.summary).toBe('Vu par Bruno.');
});

test('an answer that a colleague overtook is told on every page, until one has chosen', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { version: 2, step: { ...service.view.step!, visit: 2 } });
  service.on(/POST .*\/commands$/, () => problem(412, 'session.stale', { view: service.view }));
  await show(service, '/');
  leave(service.session, { answer: 'F-1042' });

  await unsent.look();

  await expect.poll(async () => (await waiting()).map((one) => [one.state, one.text])).toEqual([['met', 'F-1042']]);
  app.go(`/s/${service.session}`);
  const alert = (await screen.findByText(/Ce que vous aviez saisi est gardé/)).closest<HTMLElement>('[role=alert]')!;
  expect(alert.textContent).toContain('F-1042');
  await user.click(within(alert).getAllByRole('button').at(-1)!);
  await unsent.look();
  expect(unsent.list).toEqual([]);
});

test('what the service refuses stays to be read, and may be let go', async () => {
  const service = new Service();
  service.on(/POST .*\/commands$/, () => problem(403, 'access.denied', { detail: 'Ce n’est plus votre contact.' }));
  await show(service, '/');
  leave(service.session, { note: 'rappelle demain' });

  await unsent.look();

  await expect.poll(async () => (await waiting()).map((one) => one.text)).toEqual(['rappelle demain · Ce n’est plus votre contact.']);
  await user.click(screen.getByText('un envoi en attente', { selector: 'summary' }));
  await user.click(screen.getByRole('button', { name: 'Abandonner' }));
  await expect.poll(waiting).toEqual([]);
});

test('signing out while something waits asks first: it would be lost', async () => {
  const service = new Service();
  service.on(/wrap-up$/, () => Promise.reject(new TypeError('Failed to fetch')));
  await contact(service);
  leave(service.session, { summary: 'Vu avec le client.' });

  await user.click(screen.getByRole('button', { name: 'Se déconnecter', hidden: true }));

  const dialog = within(await screen.findByRole('dialog', { name: 'Se déconnecter' }));
  await user.click(dialog.getByRole('button', { name: 'Rester' }));
  expect(service.asked.some((one) => one.path === '/v1/sign-out')).toBe(false);
  expect(app.keep.names('draft:')).toHaveLength(1);
});
