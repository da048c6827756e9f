import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { span } from '../texts/format';
import { type Asked, Service, aroundOf, contact, findings, problem, show, user, viewOf } from './console.fake';

afterEach(cleanup);

const at = (day: number, hour: number): number => new Date(2026, 9, day, hour).getTime();
const iso = (begins: number): string => new Date(begins).toISOString();
const free = (...begins: number[]): object => ({
  team: 'seller', timezone: 'Europe/Paris', length_ms: 1_800_000, calendars: [], items: begins.map((one) => ({ begins: one, ends: one + 1_800_000, left: 1 })),
});

function desk(): Service {
  const service = new Service();
  service.around = aroundOf(service.session, { slot_teams: [{ id: 'seller', title: 'Vendeur' }] });
  service.on(/GET \/v1\/slots/, ({ query }: Asked) => (query.has('from') ? free() : free(at(1, 10), at(1, 11), at(2, 9))));
  return service;
}

async function promising(): Promise<HTMLElement> {
  await user.click(screen.getByText('Plus', { selector: 'summary' }));
  await user.click(screen.getByRole('button', { name: 'Promettre…' }));
  const open = await screen.findByRole('dialog', { name: /Promettre/ });
  await user.type(within(open).getByLabelText(/^Quoi/), 'rappeler');
  return open;
}

test('a promise takes a free slot, chosen with the keyboard alone, in place of a time', async () => {
  const service = desk();
  await contact(service);
  const open = await promising();

  await user.tab();
  expect(document.activeElement).toBe(within(open).getByRole('combobox', { name: /Créneau avec/ }));
  await user.selectOptions(document.activeElement as HTMLElement, 'Vendeur');
  const slots = await within(open).findAllByRole('radio');
  expect(slots.map((one) => one.closest('label')?.textContent?.trim())).toEqual(['10:00–10:30', '11:00–11:30', '09:00–09:30']);
  expect(within(open).getAllByRole('group').map((one) => one.querySelector('legend')?.textContent)).toEqual(['jeudi 1 octobre', 'vendredi 2 octobre']);
  expect(within(open).queryByLabelText(/^Pour quand/)).toBeNull();
  expect(await findings()).toEqual([]);
  await user.tab();
  await user.keyboard(' {ArrowDown}');
  await user.keyboard('{Control>}{Enter}{/Control}');

  await expect.poll(() => service.commands).toEqual([{ type: 'promise', what: 'rappeler', by: 'seller', slot: iso(at(1, 11)) }]);
});

test('who was too late finds their words again, and what is left', async () => {
  const service = desk();
  service.on(/POST .*\/commands/, ({ body }: Asked) =>
    (body?.['slot'] === iso(at(1, 10)) ? problem(409, 'slot.taken', { params: { next: [] } }) : service.view));
  await contact(service);
  const open = await promising();
  await user.selectOptions(within(open).getByRole('combobox', { name: /Créneau avec/ }), 'Vendeur');
  await user.click((await within(open).findAllByRole('radio'))[0]!);
  await user.click(within(open).getByRole('button', { name: 'Valider' }));

  const anew = within(await screen.findByRole('dialog', { name: /Promettre/ }));
  await anew.findByText(/entre-temps/);
  expect(anew.getByLabelText<HTMLTextAreaElement>(/^Quoi/).value).toBe('rappeler');
  await user.click((await anew.findAllByRole('radio'))[1]!);
  await user.click(anew.getByRole('button', { name: 'Valider' }));

  await expect.poll(() => service.commands.map((one) => one['slot'])).toEqual([iso(at(1, 10)), iso(at(1, 11))]);
});

test('no slot in two weeks is said, the next weeks are a press away, and a team is left for none', async () => {
  const service = desk();
  await contact(service);
  const open = await promising();
  const team = within(open).getByRole('combobox', { name: /Créneau avec/ });
  await user.selectOptions(team, 'Vendeur');
  await user.click(await within(open).findByRole('button', { name: 'Plus tard' }));

  expect(await within(open).findByText(/Aucun créneau libre/)).toBeTruthy();
  expect(service.asked.findLast((one) => one.path === '/v1/slots')?.query.get('from')).toBe('2026-10-03');
  await user.click(within(open).getByRole('button', { name: 'Valider' }));
  expect(service.commands).toEqual([]);
  await user.selectOptions(team, 'sans créneau');
  await user.click(within(open).getByRole('button', { name: 'Valider' }));
  await expect.poll(() => service.commands).toEqual([{ type: 'promise', what: 'rappeler' }]);
});

test('an appointment says from when to when, and is moved from the list', async () => {
  const service = desk();
  const appointment = {
    id: 'ses_p.2', session: 'ses_p', number: 2, what: 'Call Zoé', due: at(1, 10) + 1_800_000, begins: at(1, 10), state: 'open', reason: null,
    by: 'advisor:ana', team: 'seller', journey: 'parcel', motive: null,
  };
  service.on(/GET \/v1\/promises/, () => ({ items: [appointment], next: null }));
  service.on(/POST \/v1\/sessions\/ses_p\/commands/, () => viewOf('ses_p'));
  await show(service, '/promises', 'en');
  const line = within((await screen.findByText('Call Zoé')).closest('li') as HTMLElement);
  line.getByText(span(appointment.begins, appointment.due, 'en'));

  await user.click(line.getByRole('button', { name: 'Move…' }));
  await user.click((await line.findAllByRole('radio'))[2]!);
  await user.click(line.getByRole('button', { name: 'Save' }));

  await expect.poll(() => service.commands).toEqual([{ type: 'move_promise', promise: 2, slot: iso(at(2, 9)) }]);
});

test('a calendar that is not read any more is said beside the slots', async () => {
  const service = desk();
  const calendars = [{ name: 'ana', read_at: at(1, 8), failed: 'http.404' }, { name: 'zoe', read_at: null, failed: null }, { name: 'all', read_at: at(1, 8), failed: null }];
  service.on(/GET \/v1\/slots/, () => ({ ...free(at(1, 10)), calendars }));
  await contact(service);
  const open = await promising();
  await user.selectOptions(within(open).getByRole('combobox', { name: /Créneau avec/ }), 'Vendeur');

  expect(await within(open).findByText(/L’agenda ana n’a pas pu être lu depuis/)).toBeTruthy();
  expect(within(open).getByText(/L’agenda zoe n’a jamais été lu/)).toBeTruthy();
  expect(within(open).queryByText(/L’agenda all/)).toBeNull();
});

test('the customer is invited to an appointment, told that it is off, and what does not go is said', async () => {
  const service = desk();
  const line = { number: 1, what: 'Rappeler Zoé', due: at(1, 10) + 1_800_000, begins: at(1, 10), team: 'seller', state: 'open' };
  const off = { ...line, number: 2, what: 'Rappeler Paul', state: 'dropped' };
  service.around = aroundOf(service.session, { promises: [line, off, { number: 3, what: 'Une lettre', due: null, state: 'open' }] });
  let status = 'sent';
  service.on(/POST \/v1\/promises/, () => ({ status, to: 'zoe@example.org', reason: status === 'failed' ? 'smtp.554' : null }));
  await contact(service);
  const whole = async (what: string) => within((await screen.findByText(what)).closest('li') as HTMLElement);

  await user.click((await whole('Rappeler Zoé')).getByRole('button', { name: 'Envoyer l’invitation' }));
  await screen.findByText('Envoyé à zoe@example.org.');
  status = 'failed';
  await user.click((await whole('Rappeler Paul')).getByRole('button', { name: 'Envoyer l’annulation' }));
  await screen.findByText(/Pas envoyé à zoe@example.org.*smtp.554/);

  expect((await whole('Une lettre')).queryByRole('button', { name: /Envoyer/ })).toBeNull();
  expect(service.asked.filter((one) => one.path.endsWith('/invitation')).map((one) => one.path)).toEqual(
    [1, 2].map((number) => `/v1/promises/${service.session}.${number}/invitation`),
  );
});
