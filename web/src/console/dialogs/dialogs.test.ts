import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { app } from '../app.svelte';
import { Service, contact, findings, show, user, viewOf } from '../console.fake';

afterEach(cleanup);

const FOUND = [
  { kind: 'journey', id: 'refund', journey: 'refund', title: 'Remboursement', score: 1 },
  { kind: 'motive', id: 'm', journey: 'line', title: 'Pas de débit', score: 1 },
];
const dialog = (name: RegExp | string): Promise<HTMLElement> => screen.findByRole('dialog', { name });

/** Each command that asks before it is brought: its key, the dialog, what one presses, what is sent. */
const ASKED: [name: string, keys: string, title: string, answer: string, sent: object][] = [
  ['none of these', '0', 'Rien ne convient', '1', { type: 'none_of_these', category: 'missing' }],
  ['skip', 's', 'Passer cette question', '2', { type: 'skip', reason: 'unwilling' }],
  ['flag', 'f', 'Signaler', '3', { type: 'flag', category: 'missing' }],
  ['transfer', 't', 'Transférer', '1', { type: 'transfer', team: 'team:billing' }],
  ['consult', 'q', 'Consulter', '1', { type: 'consult', team: 'team:billing' }],
  ['hand over', 'r', 'Passer le relais', '3', { type: 'hand_over', to: 'bot' }],
];

test.each(ASKED)('%s: one key asks, one digit answers', async (_, keys, title, answer, sent) => {
  const service = new Service();
  await contact(service);
  await expect.poll(() => service.asked.some((one) => one.path.endsWith('/surroundings'))).toBe(true);
  (document.activeElement as HTMLElement | null)?.blur();

  await user.keyboard(keys);
  await dialog(new RegExp(title));
  expect(await findings()).toEqual([]);
  await user.keyboard(answer);

  await expect.poll(() => service.commands).toEqual([sent]);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test.each([
  ['skip', 's', 'Précision', 'unknown: il cherche', 'reason'],
  ['none of these', '0', 'Précision', 'il cherche', 'text'],
])('words may go with a reason: %s', async (_, keys, label, expected, name) => {
  const service = new Service();
  await contact(service);
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard(keys);
  const open = await screen.findByRole('dialog');

  // Digits typed among the words are words.
  await user.type(within(open).getByRole('textbox', { name: new RegExp(label) }), 'il cherche');
  await user.click(within(open).getAllByRole('button').find((one) => one.textContent?.trim().startsWith('1'))!);

  await expect.poll(() => service.commands[0]?.[name]).toBe(expected);
});

test('a promise needs its words, and may carry a date', async () => {
  const service = new Service();
  await contact(service);
  await user.click(screen.getByText('Plus', { selector: 'summary' }));
  await user.click(screen.getByRole('button', { name: 'Promettre…' }));
  const open = await dialog(/Promettre/);
  await user.type(within(open).getByLabelText(/^Quoi/), 'rappeler');
  await user.type(within(open).getByLabelText(/^Pour quand/), '2026-12-02T10:00');

  await user.click(within(open).getByRole('button', { name: 'Valider' }));

  await expect.poll(() => service.commands).toEqual([{ type: 'promise', what: 'rappeler', due: new Date('2026-12-02T10:00').toISOString() }]);
});

test('a stray key ends no contact: finishing waits a second', async () => {
  const service = new Service();
  await contact(service);
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard('{Control>}{Enter}{/Control}');
  const open = await dialog(/Terminer/);

  await user.keyboard('1');
  expect(service.commands).toEqual([]);
  await expect.poll(() => within(open).getByRole<HTMLButtonElement>('button', { name: /Non résolu|Pas résolu/ }).disabled, { timeout: 3000 }).toBe(false);
  await user.keyboard('1');

  await expect.poll(() => service.commands).toEqual([{ type: 'finish', outcome: 'unresolved' }]);
});

test('the palette finds journeys, motives and commands, walked by arrows', async () => {
  const service = new Service();
  service.on(/GET \/v1\/search/, () => ({ items: FOUND }));
  await contact(service);
  await user.keyboard('{Control>}k{/Control}');
  const open = await dialog('Aller à');
  const box = within(open).getByRole('combobox');
  expect(document.activeElement).toBe(box);

  await user.type(box, 're');
  await expect.poll(() => within(open).getAllByRole('option').map((one) => one.querySelector('.title')?.textContent)).toContain('Pas de débit');
  expect(await findings()).toEqual([]);
  const first = within(open).getByRole('option', { selected: true });
  await user.keyboard('{ArrowUp}');
  const last = within(open).getByRole('option', { selected: true });
  expect(last).not.toBe(first);
  expect(box.getAttribute('aria-activedescendant')).toBe(last.id);
});

test('the palette runs a command of the contact that is shown', async () => {
  await contact(new Service(), 'en');
  await user.keyboard('{Control>}k{/Control}');
  await user.type(within(await dialog('Go to')).getByRole('combobox'), 'transfer{Enter}');

  expect(await dialog(/Transfer to another team/)).toBeTruthy();
});

test('what nothing fits is said, and Enter does nothing', async () => {
  await show(new Service(), '/', 'en');
  await screen.findByRole('searchbox');
  await user.keyboard('{Control>}k{/Control}');
  const open = await dialog('Go to');
  await user.type(within(open).getByRole('combobox'), 'zzz{Enter}');

  expect(within(open).getByText('Nothing fits.')).toBeTruthy();
});

const LINES = [1, 2, 3].map((visit) => ({
  visit, step: `s${visit}`, title: `Étape ${visit}`, kind: 'ask', run: 'main', at: 0, left_at: 1, how: 'answered', by: 'advisor:ana', values: {},
  shown: {}, source: null, codes: [], undone: false,
}));
const passed = (visit: number): object => ({ visit, step: `s${visit}`, run: 'main', values: null });
const FORESEEN = {
  allowed: true, code: null, message: null, at: null, outcome: null, pruned: [], restored: [], asked_again: [], effects: [], barriers: [],
};

async function lookingBack(foreseen: object): Promise<Service> {
  const service = new Service();
  service.view = viewOf(service.session, {
    focus: 1, history: LINES as never,
    fields: [{
      name: 'why', type: 'choice', label: 'Pourquoi', help: null, options: [{ id: 'a', label: 'Abîmé', short: null }, { id: 'b', label: 'Perdu', short: null }],
      required: true, skippable: false, sensitive: false, known: null, offered: null, suggested: null, value: 'a', default: null, valid: {}, form: {},
    }],
  });
  service.on(/commands:preview/, ({ body }) => ({ ...FORESEEN, ...foreseen, ...(Object.keys((body?.['effects'] as object | undefined) ?? {}).length > 0 ? { allowed: true, code: null } : {}) }));
  await contact(service);
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard('2');
  await dialog(/Corriger : Étape 1|Corriger/);
  return service;
}

test('a correction shows before and after, and what it undoes, asks again and keeps', async () => {
  const service = await lookingBack({ pruned: [passed(2), passed(3)], asked_again: [passed(2)], restored: [passed(3)] });
  const open = screen.getByRole('dialog');
  expect(open.querySelector('s')?.textContent).toBe('Abîmé');
  expect(within(open).getByText('Perdu')).toBeTruthy();
  expect(open.textContent).toContain('Étape 2');
  expect(service.commands).toEqual([]);
  expect(await findings()).toEqual([]);

  await user.keyboard('{Enter}');

  await expect.poll(() => service.commands).toEqual([{ type: 'amend', visit: 1, values: { why: 'b' } }]);
});

test('an action done already is undone or kept, as one decides, before the correction is made', async () => {
  const service = await lookingBack({
    allowed: false, code: 'amend.confirm',
    effects: [{ effect: 'e1', operation: 'oms.ship', step: 's2', status: 'succeeded', choices: ['compensate', 'keep'] }],
  });
  const open = within(screen.getByRole('dialog'));
  const button = open.getByRole<HTMLButtonElement>('button', { name: 'Corriger' });
  expect(button.disabled).toBe(true);

  await user.click(open.getByRole('radio', { name: 'Garder' }));
  await expect.poll(() => screen.getByRole('dialog').querySelector<HTMLButtonElement>('.main')?.disabled).toBe(false);
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Corriger' }));

  await expect.poll(() => service.commands).toEqual([{ type: 'amend', visit: 1, values: { why: 'b' }, effects: { e1: 'keep' } }]);
});

test('a correction that is not possible says why, and cannot be pressed', async () => {
  const service = await lookingBack({ allowed: false, code: 'amend.barrier', message: { fr: 'Le paiement est fait.', en: 'It is paid.' }, barriers: [passed(2)] });
  const open = within(screen.getByRole('dialog'));
  expect(open.getByRole('alert').textContent).toContain('Le paiement est fait.');
  expect(open.getByRole<HTMLButtonElement>('button', { name: 'Corriger' }).disabled).toBe(true);

  await user.click(open.getByRole('button', { name: 'Annuler' }));

  expect(screen.queryByRole('dialog')).toBeNull();
  expect(service.commands).toEqual([]);
});

test('a preference holds at once; a key is given to another command unless it is taken', async () => {
  await show(new Service(), '/', 'en');
  await user.click(screen.getByText('Ana Martin', { selector: 'summary *' }));
  await user.click(screen.getByRole('button', { name: 'Preferences' }));
  const open = await dialog('Preferences');
  await user.click(within(open).getByRole('radio', { name: 'Dark' }));
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(await findings()).toEqual([]);

  await user.click(within(open).getByRole('button', { name: /Change the key of “Flag the step”/ }));
  await user.keyboard('t');
  expect(within(open).getByRole('alert').textContent).toContain('Taken by “Transfer”');
  await user.keyboard('5');
  expect(within(open).getByRole('alert').textContent).toContain('Digits choose answers');
  await user.keyboard('x');
  expect(app.keys.map.flag).toBe('X');
  await user.click(within(open).getByRole('button', { name: 'Restore the original keys' }));
  expect(app.keys.map.flag).toBe('F');
  await user.click(within(open).getByRole('radio', { name: 'Français' }));

  expect(within(open).getByRole('heading', { name: 'Préférences' })).toBeTruthy();
  expect(document.documentElement.lang).toBe('fr');
});

test('another request of the same customer takes along what is known, where it is asked again', async () => {
  const service = new Service();
  const other = new Service();
  service.around = { ...service.around, customer: { id: 'cus_1', keys: [], facts: {} }, learnt: [
    { name: 'email', label: 'E-mail', shown: 'a@b.fr', value: 'a@b.fr', visit: 1, at: 0, source: null, sensitive: false },
    { name: 'code', label: 'Code', shown: '••', value: '42', visit: 1, at: 0, source: null, sensitive: true },
    { name: 'more', label: 'Autre', shown: 'x', value: 'x', visit: 1, at: 0, source: null, sensitive: false },
  ] };
  service.on(/POST \/v1\/sessions$/, () => ({ session: other.session, view: other.view }));
  service.on(new RegExp(`/${other.session}`), ({ path }) => (path.endsWith('questions') ? { items: [{ name: 'email' }, { name: 'code' }] } : path.endsWith('surroundings') ? other.around : other.view));
  await contact(service);
  await screen.findByText('a@b.fr');
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard('a');
  const open = within(await dialog('Autre demande du même client'));
  await user.click(await open.findByRole('button', { name: 'Remboursement' }));

  await expect.poll(() => location.pathname).toBe(`/s/${other.session}`);
  await expect.poll(() => service.commands).toEqual([{ type: 'provide', values: { email: 'a@b.fr' } }]);
  const start = service.asked.find((one) => one.method === 'POST' && one.path === '/v1/sessions');
  expect(start?.body).toMatchObject({ journey: 'refund', customer: 'cus_1' });
});
