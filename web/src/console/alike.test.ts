import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import type { LookAlikes } from '../api/types';
import { app } from './app.svelte';
import { Service, aroundOf, contact, findings, problem, user } from './console.fake';

afterEach(cleanup);

const CUSTOMER = { id: 'cus_1', keys: [{ kind: 'phone', value: '+33612345678' }], facts: {} };
const OTHER = { customer: 'cus_2', name: 'Claire Dubois', keys: [{ kind: 'email', value: 'claire@exemple.fr' }] };
const REASONS = [{ what: 'same', kind: 'email' }, { what: 'agrees', kind: 'customer.name' }, { what: 'same', kind: 'external.crm' }];

/** A service whose customer may be somebody else too, until they are said to be one. */
function doubtful(): Service {
  const service = new Service();
  service.me = { ...service.me, permissions: ['customer.merge'] };
  service.around = aroundOf(service.session, { customer: CUSTOMER });
  let isOne = false;
  service.on(/look-alikes$/, (): LookAlikes => ({
    customer: 'cus_1',
    items: isOne ? [] : [{ ...OTHER, reasons: REASONS }],
    merged: isOne ? [{ id: 'cus_2', into: 'cus_1', keys: OTHER.keys }] : [],
  }));
  service.on(/^POST .*cus_1:(?:merge|split)$/, ({ path }) => {
    isOne = path.endsWith('merge');
    return {};
  });
  return service;
}

const said = (service: Service): string[] =>
  service.asked.filter((one) => one.method === 'POST' && one.path.startsWith('/v1/customers/')).map((one) => `${one.path.split(':')[1]} ${String(one.body?.['customer'])}`);

test('an advisor reads who the customer may be and why, joins them by one key and takes it back by the same', async () => {
  const service = doubtful();
  await contact(service);
  const section = await screen.findByRole('region', { name: /Le même client/ });
  expect(section.textContent).toMatch(/que Claire Dubois\s: même adresse e-mail, même nom, même référence dans crm\./);
  expect(await findings()).toEqual([]);

  await user.keyboard('j');
  await expect.poll(() => section.textContent).toMatch(/Ne fait qu’un avec\s: claire@exemple\.fr/);
  expect(app.announced).toContain('plus qu’un client');
  await user.keyboard('j');

  await expect.poll(() => section.textContent).toContain('Peut-être le même client');
  expect(said(service)).toEqual(['merge cus_2', 'split cus_2']);
  expect(service.asked.filter((one) => one.path.endsWith('/surroundings')).length).toBeGreaterThan(2);
});

test('a record that was joined before is taken apart by its button, and by no key', async () => {
  const service = doubtful();
  service.on(/look-alikes$/, (): LookAlikes => ({ customer: 'cus_1', items: [], merged: [{ id: 'cus_2', into: 'cus_1', keys: OTHER.keys }] }));
  await contact(service, 'en');
  const section = await screen.findByRole('region', { name: 'The same customer?' });

  await user.keyboard('j');
  expect(said(service)).toEqual([]);
  await user.click(within(section).getByRole('button', { name: 'They are two' }));

  await expect.poll(() => said(service)).toEqual(['split cus_2']);
});

test('what cannot be joined is told, and stays', async () => {
  const service = doubtful();
  service.on(/:merge$/, () => problem(409, 'customer.merge-refused'));
  await contact(service);
  const section = await screen.findByRole('region', { name: /Le même client/ });

  await user.click(within(section).getByRole('button', { name: /C’est le même client/ }));

  expect(await within(section).findByRole('alert')).toBeTruthy();
  expect(section.textContent).toContain('Peut-être le même client');
});
