import { cleanup, screen } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { Service, findings, problem, show, user, viewOf } from './console.fake';

afterEach(cleanup);

test('a code is asked for under More, shown once, and read aloud', async () => {
  const service = new Service();
  service.on(/POST .*\/code$/, () => ({ code: '7KMX-4RT9', expires_at: Date.now() + 7_200_000 }));
  await show(service, `/s/${service.session}`);

  await user.click(await screen.findByText('Code de reprise…'));

  expect(await screen.findByText('7KMX-4RT9')).toBeTruthy();
  expect(await findings()).toEqual([]);
});

test('a code that is said opens its session where it stands; a wrong one says what to do', async () => {
  const service = new Service();
  let isKnown = false;
  service.on(/codes:redeem/, () => (isKnown ? { session: service.session, view: viewOf(service.session) } : problem(404, 'code.unknown', { detail: 'Relisez-le.' })));
  await show(service, '/');
  const box = await screen.findByRole('textbox', { name: /On vous dit un code/ });

  await user.type(box, '7kmx 4rt8{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('Relisez-le.');
  isKnown = true;
  await user.type(box, '{Enter}');

  await expect.poll(() => location.pathname).toBe(`/s/${service.session}`);
  expect(service.asked.find((one) => one.path === '/v1/codes:redeem')?.body).toEqual({ code: '7kmx 4rt8', channel: 'phone' });
});
