import { cleanup, screen } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import type { Line } from '../api/types';
import { Service, aroundOf, contact, findings, user, viewOf } from './console.fake';

afterEach(cleanup);

test('who leaves a contact that goes on for another journey says why by one key; it is noted there', async () => {
  const service = new Service();
  service.around = aroundOf(service.session, { customer: { id: 'cus_1', keys: [], facts: {} } });
  service.on(/^GET \/v1\/search$/, () => ({ items: [{ kind: 'journey', id: 'refund', journey: 'refund', title: 'Remboursement', score: 1 }] }));
  service.on(/^POST \/v1\/sessions$/, () => ({ session: 'ses_next', view: viewOf('ses_next') }));
  await contact(service);
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard('{Control>}k{/Control}rembours');
  await screen.findByRole('option', { name: /Remboursement/ });
  await user.keyboard('{Enter}');
  expect(await screen.findByText('Pourquoi passer à autre chose ?')).toBeTruthy();
  expect(service.asked.some((one) => one.method === 'POST' && one.path === '/v1/sessions')).toBe(false);
  expect(await findings()).toEqual([]);

  await user.keyboard('2');

  await expect.poll(() => service.commands).toEqual([{ type: 'note', text: expect.stringMatching(/Remboursement.*pas le bon parcours/) }]);
  await expect.poll(() => service.asked.find((one) => one.method === 'POST' && one.path === '/v1/sessions')?.body).toMatchObject({ journey: 'refund', customer: 'cus_1', channel: 'phone' });
});

const line = (visit: number, more: Partial<Line>): Line => ({
  visit, step: `s${visit}`, title: '', kind: 'ask', run: 'main', at: 1, left_at: 2, how: 'answered', by: 'advisor:ana', values: {}, shown: {},
  source: null, codes: [], undone: false, ...more,
} as Line);

/** A contact with two steps behind it and a question to come; the palette open on some words. */
async function look(words: string): Promise<Service> {
  const service = new Service();
  service.view = viewOf(service.session, { history: [
    line(1, { title: 'Ce que dit le client', shown: { complaint: 'Rien reçu' } }),
    line(2, { title: 'Chercher la commande', kind: 'do', how: 'succeeded', by: 'system' }),
    line(3, { title: 'La plainte', left_at: null, how: null }),
  ] });
  service.ahead = [{ name: 'address', type: 'text', label: 'Nouvelle adresse', options: [], sensitive: false, valid: {}, form: {}, now: false }];
  service.on(/^GET \/v1\/search$/, () => ({ items: [
    { kind: 'step', id: 's1', journey: 'parcel', title: 'Ce que dit le client', score: 1 },
    { kind: 'step', id: 's9', journey: 'parcel', title: 'Ce que dit le transporteur', score: 1 },
  ] }));
  await contact(service);
  await expect.poll(() => service.asked.some((one) => one.path.endsWith('/questions'))).toBe(true);
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard(`{Control>}k{/Control}${words}`);
  return service;
}

test('the palette finds the contact’s own steps, by title or answer, and looks back at the one that is chosen', async () => {
  const service = await look('rien recu');
  await screen.findByRole('option', { name: /Ce contact\s*Ce que dit le client\s*Rien reçu/ });
  expect(await findings()).toEqual([]);

  await user.keyboard('{Enter}');

  await expect.poll(() => service.commands).toEqual([{ type: 'back', visit: 1 }]);
});

test('a step walked already is found once; one that begins its journey again says so', async () => {
  await look('ce que dit');

  await screen.findByRole('option', { name: /transporteur\s*recommence «\s*Suivi de livraison\s*»/ });
  expect(screen.getAllByRole('option', { name: /Ce que dit le client/ })).toHaveLength(1);
});

test('what a system did is shown where it stands in the history', async () => {
  const service = await look('chercher la');
  await screen.findByRole('option', { name: /Chercher la commande/ });

  await user.keyboard('{Enter}');

  await expect.poll(() => document.activeElement?.textContent).toContain('Chercher la commande');
  expect(service.commands).toEqual([]);
});

test('a question that comes is answered beforehand from the palette', async () => {
  const service = await look('nouvelle adr');
  await screen.findByRole('option', { name: /À venir\s*Nouvelle adresse/ });

  await user.keyboard('{Enter}');
  await expect.poll(() => (document.activeElement as HTMLInputElement | null)?.value).toBe('Nouvelle adresse: ');
  await user.keyboard('3 rue Haute{Enter}');

  await expect.poll(() => service.commands).toEqual([{ type: 'provide', values: { address: '3 rue Haute' } }]);
});
