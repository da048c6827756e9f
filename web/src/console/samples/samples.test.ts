import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { app } from '../app.svelte';
import { Service, findings, problem, show, user } from '../console.fake';
import { clock, fitting, following } from './rating';

afterEach(cleanup);

const SAMPLE = { id: 'smp_1', name: 'Janvier', period: { from: '2026-01-01', to: '2026-02-01' }, strata: [{ drawn: 2 }], drawn_by: 'supervisor:sam', created_at: Date.UTC(2026, 1, 1) };
const PARTS = [
  { begins: 0, ends: 45_000, step: null, heard: 'queue' },
  { begins: 45_000, ends: 120_000, step: 'identity', title: 'L’identité', heard: null },
];
const CODES = { declaration: [{ code: 'parcel', label: 'Rien reçu' }], qualification: [], action: [] };

/** A service with a sample of two contacts, of which the first has two parts. */
function drawn(): Service {
  const service = new Service();
  service.me = { ...service.me, role: 'supervisor', permissions: ['sample.read', 'sample.rate'] };
  service.on(/GET \/v1\/samples$/, () => ({ items: [SAMPLE], next: null }));
  service.on(/GET \/v1\/samples\/smp_1$/, () => SAMPLE);
  service.on(/smp_1\/contacts$/, () => ({ items: [{ contact: 'ctc_1' }, { contact: 'ctc_2' }] }));
  service.on(/GET .*contacts\/ctc_1$/, () => ({ contact: 'ctc_1', channel: 'phone', direction: 'inbound', offered: Date.now(), parts: PARTS, codes: CODES }));
  service.on(/GET .*contacts\/ctc_2$/, () => problem(403, 'sample.own-contact'));
  service.on(/POST .*contacts\/ctc_1$/, () => ({ sample: 'smp_1', contact: 'ctc_1', parts: 2, at: 1 }));
  return service;
}

const ratings = (service: Service): unknown[] => service.asked.filter((one) => one.method === 'POST' && one.path.includes('/contacts/')).map((one) => one.body);

test('a listener opens a sample, rates each part by a digit, and it is sent once the last one has it', async () => {
  const service = drawn();
  await show(service, '/samples');
  await user.click(await screen.findByRole('link', { name: 'Janvier' }));
  const parts = await screen.findByRole('list', { name: 'Parties du contact' });
  const [queue, step] = within(parts).getAllByRole('listitem') as [HTMLElement, HTMLElement];
  await expect.poll(() => document.activeElement).toBe(queue);
  expect(queue.textContent).toContain('0:00 – 0:45 · file d’attente');
  expect(step.textContent).toContain('0:45 – 2:00 · L’identité');
  expect(await findings()).toEqual([]);

  await user.keyboard('1');
  await expect.poll(() => document.activeElement).toBe(step);
  expect(ratings(service)).toEqual([]);
  expect(app.keep.read('rating/smp_1/ctc_1')).toEqual([0, null]);
  await user.keyboard('4');

  await expect.poll(() => ratings(service)).toEqual([{ useful: [0, 75] }]);
  await expect.poll(() => document.activeElement?.textContent).toContain('Contact suivant');
  expect(app.keep.read('rating/smp_1/ctc_1')).toBeNull();

  await user.selectOptions(screen.getByRole('combobox', { name: 'Déclaré' }), 'Rien reçu');
  await expect.poll(() => ratings(service).at(-1)).toEqual({ useful: [0, 75], codes: { declaration: 'parcel' } });
});

test('a part that is rated otherwise is sent again, arrows go between parts', async () => {
  const service = drawn();
  await show(service, '/samples/smp_1', 'en');
  const parts = await screen.findByRole('list', { name: 'Parts of the contact' });
  await expect.poll(() => document.activeElement).toBe(within(parts).getAllByRole('listitem')[0]);
  await user.keyboard('15');
  await expect.poll(() => ratings(service)).toHaveLength(1);
  await screen.findByRole('button', { name: /Next contact/ });

  within(parts).getAllByRole('listitem')[1]?.focus();
  await user.keyboard('{ArrowUp}3');

  await expect.poll(() => ratings(service)).toEqual([{ useful: [0, 100] }, { useful: [50, 100] }]);
});

test('what is not sent stays in the browser, is told and sent again', async () => {
  const service = drawn();
  let isAway = true;
  service.on(/POST .*contacts\/ctc_1$/, () => (isAway ? problem(503, 'service.busy') : { sample: 'smp_1', contact: 'ctc_1', parts: 2, at: 1 }));
  await show(service, '/samples/smp_1', 'en');
  await screen.findByRole('list', { name: 'Parts of the contact' });
  await user.keyboard('15');
  await screen.findByRole('alert');
  expect(app.keep.read('rating/smp_1/ctc_1')).toEqual([0, 100]);
  isAway = false;

  await user.click(screen.getByRole('button', { name: 'Try again' }));

  await screen.findByRole('button', { name: /Next contact/ });
});

test('a contact of one’s own is told and passed over', async () => {
  const service = drawn();
  service.on(/smp_1\/contacts$/, () => ({ items: [{ contact: 'ctc_2' }, { contact: 'ctc_1' }] }));
  await show(service, '/samples/smp_1', 'en');
  await screen.findByRole('alert');

  await user.click(screen.getByRole('button', { name: 'Next contact' }));

  expect(await screen.findByRole('list', { name: 'Parts of the contact' })).toBeTruthy();
});

test('moments read as players show them, the next part is the next without a share, what does not fit is left', () => {
  expect([0, 7_900, 750_000, 3_723_000].map(clock)).toEqual(['0:00', '0:07', '12:30', '1:02:03']);
  expect([following([null, 0, null], 0), following([null, 0, 100], 2), following([0, 100], 0), following([], -1)]).toEqual([2, 0, null, null]);
  expect([fitting([0, null], 2), fitting([0], 2), fitting([33, 0], 2), fitting('x', 1)]).toEqual([[0, null], [null, null], [null, null], [null]]);
});
