import { cleanup, screen } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
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
