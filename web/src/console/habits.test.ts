/** What hands do without thinking: look back and type, press Escape, press Enter twice, leave a line half said. */
import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import type { Field, Line } from '../api/types';
import { Service, contact, option, problem, show, user, viewOf } from './console.fake';

afterEach(cleanup);

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name, type: 'text', label: name, help: null, options: [], required: true, skippable: false, sensitive: false, known: null,
  offered: null, suggested: null, value: null, default: null, valid: {}, form: {}, ...more,
});

test('whoever looks back at what was typed writes over it: no letter is taken as a command', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { focus: 1, fields: [field('order', { label: 'Commande', value: 'F-1042' })] });
  await contact(service);
  const box = screen.getByLabelText<HTMLInputElement>('Commande');
  await expect.poll(() => document.activeElement).toBe(box);

  await user.keyboard('t1');

  expect(box.value).toBe('t1');
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('a menu closes by Escape, back at its word, and once one goes elsewhere', async () => {
  await contact(new Service());
  const word = screen.getByText('Plus', { selector: 'summary' });
  const menu = word.closest('details')!;

  await user.click(word);
  expect(menu.open).toBe(true);
  await user.keyboard('{Escape}');
  expect([menu.open, document.activeElement]).toEqual([false, word]);
  await user.click(word);
  screen.getByLabelText('Écrire une note').focus();

  expect(menu.open).toBe(false);
});

test('a wrap-up written after the sign-in ended is not called saved: one signs in again', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { status: 'ended', outcome: 'resolved', step: null });
  await contact(service);
  const summary = await screen.findByLabelText<HTMLTextAreaElement>('Résumé');
  await expect.poll(() => summary.value).not.toBe('');
  service.on(/./, () => problem(401, 'access.unauthenticated'));

  await user.type(summary, ' Rappeler.');
  await user.tab();

  expect(await screen.findByRole('button', { name: 'Se reconnecter' })).toBeTruthy();
  expect(screen.getByText('Déconnecté')).toBeTruthy();
  expect(screen.getByText('Pas encore enregistré : cela partira dès que possible.')).toBeTruthy();
  expect(summary.value).toContain('Rappeler.');
});

test('the key that copies the wrap-up closes the contact when it is pressed again', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { status: 'ended', outcome: 'resolved', step: null });
  await contact(service);
  await expect.poll(() => screen.getByLabelText<HTMLTextAreaElement>('Résumé').value).not.toBe('');

  await user.keyboard('{Control>}{Enter}{/Control}');
  await expect.poll(() => screen.queryByRole('button', { name: /Conclusion copiée/ })).toBeTruthy();
  await user.keyboard('{Control>}{Enter}{/Control}');

  await expect.poll(() => location.pathname).toBe('/');
});

const WHERE = field('where', { type: 'choice', label: 'Où ?', options: [option('door', 'À la porte'), option('shop', 'En magasin')] });

test('what a line did not say stays in it, is not held up step after step, and can be kept as a note', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { fields: [WHERE] });
  service.ahead = [{ ...WHERE, now: true }];
  await contact(service);
  const line = screen.getByRole('textbox', { name: /Plusieurs réponses/ });
  await user.type(line, 'chien méchant');
  expect(await screen.findByText('Pas compris')).toBeTruthy();
  await user.keyboard('{Escape}');
  expect(screen.getByText('Pas compris')).toBeTruthy();

  service.on(/POST .*\/commands$/, () => {
    service.view = viewOf(service.session, { version: service.view.version + 1, step: { ...service.view.step!, id: 's2', visit: 2 } });
    return service.view;
  });
  await user.keyboard('1');
  await expect.poll(() => screen.queryByText('Pas compris')).toBeNull();
  expect((screen.getByRole('textbox', { name: /Plusieurs réponses/ }) as HTMLInputElement).value).toBe('chien méchant');
  screen.getByRole('textbox', { name: /Plusieurs réponses/ }).focus();
  await user.click(await screen.findByRole('button', { name: 'Garder en note' }));

  await expect.poll(() => service.commands.at(-1)).toEqual({ type: 'note', text: 'chien méchant' });
});

test('a call for a journey that nobody has says so before anything is opened', async () => {
  const service = new Service();
  service.on(/launches:open$/, () => ({ launch: 'l', contact: 'c', session: null, reference: null, asks: 'nope', said: {} }));
  await show(service, '/launch?journey=nope&call_id=1');

  expect((await screen.findByRole('alert')).textContent).toContain('nope');
  expect(screen.queryByRole('button', { name: 'Ouvrir' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Choisir de quoi il s’agit' }));

  expect(await screen.findByRole('searchbox')).toBeTruthy();
});

test('a question that was passed over is told so, not as one where nothing fitted', async () => {
  const service = new Service();
  const line = { visit: 1, step: 's1', title: 'Code postal', kind: 'ask', run: 'main', at: 1, left_at: 2, how: 'none', by: 'advisor:ana', values: null, shown: {}, source: { category: 'skipped' }, codes: [], undone: false };
  service.view = viewOf(service.session, { history: [line as unknown as Line] });
  await contact(service);

  const rail = within(screen.getByRole('complementary', { name: 'Historique' }));

  expect(rail.getByText('passé')).toBeTruthy();
});

test('what a customer answered by a link is told as the customer’s doing, not the link’s', async () => {
  const service = new Service();
  const line = { visit: 1, step: 's1', title: 'Code postal', kind: 'ask', run: 'main', at: 1, left_at: 2, how: 'answered', by: 'customer:lnk_01m8kb', values: {}, shown: { postcode: '69003' }, source: null, codes: [], undone: false };
  service.view = viewOf(service.session, { history: [line as unknown as Line] });
  await contact(service);

  expect(screen.getByRole('complementary', { name: 'Historique' }).textContent).toContain('par le client');
  expect(document.body.textContent).not.toContain('lnk_');
});

test('what came along with something pasted and is no character leaves with nothing', async () => {
  const service = new Service();
  await contact(service);
  const note = screen.getByLabelText('Écrire une note');
  note.focus();

  await user.paste('rappeler\u0000 demain\ud800');
  await user.keyboard('{Enter}');

  await expect.poll(() => service.commands).toEqual([{ type: 'note', text: 'rappeler demain' }]);
});

test('where an answer is known already the cursor is in it, not on a button that goes with it', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { fields: [WHERE] });
  await contact(service);
  const known = field('order', { label: 'Commande', offered: { value: 'F-1042', source: 'advisor', at: 1 } as never });
  service.on(/POST .*\/commands$/, () => viewOf(service.session, { version: 2, step: { ...service.view.step!, id: 's2', visit: 2 }, fields: [known] }));

  await user.keyboard('1');

  await expect.poll(() => document.activeElement).toBe(screen.queryByLabelText('Commande'));
});
