import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import type { Field, Line, SaidIncident } from '../api/types';
import { Service, contact, findings, option, problem, user, viewOf } from './console.fake';

afterEach(cleanup);

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name, type: 'text', label: name, help: null, options: [], required: true, skippable: false, sensitive: false, known: null,
  offered: null, suggested: null, value: null, default: null, valid: {}, form: {}, ...more,
});
const WHY = field('why', { type: 'choice', label: 'Que dit le client ?', options: [option('late', 'Rien reçu'), option('broken', 'Abîmé'), option('wrong', 'Un autre article')] });
const line = (visit: number, more: Partial<Line> = {}): Line => ({
  visit, step: `s${visit}`, title: `Étape ${visit}`, kind: 'ask', run: 'main', at: Date.UTC(2026, 9, 1, 9, 30), left_at: Date.UTC(2026, 9, 1, 9, 31),
  how: 'answered', by: 'advisor:ana', values: {}, shown: {}, source: null, codes: [], undone: false, ...more,
} as Line);

async function asks(...fields: Field[]): Promise<Service> {
  const service = new Service();
  service.view = viewOf(service.session, { fields });
  await contact(service);
  return service;
}
/** Press keys outside of any field. */
async function press(keys: string): Promise<void> {
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard(keys);
}

test('a new step is announced, its heading has the focus, and a digit answers', async () => {
  const service = await asks(WHY);
  await expect.poll(() => document.activeElement?.textContent).toBe('La plainte');
  expect(screen.getAllByRole('status').map((one) => one.textContent)).toContain('Étape\u00a0: La plainte');
  expect(await findings()).toEqual([]);

  await user.keyboard('2');

  await expect.poll(() => service.commands).toEqual([{ type: 'answer', step: 's1', values: { why: 'broken' } }]);
  expect(service.asked.find((one) => one.path.endsWith('/commands'))?.version).toBe('"1"');
});

test('many options narrow as one types, and Enter takes the first', async () => {
  const many = Array.from({ length: 12 }, (_, at) => option(`o${at}`, `Motif ${at}`));
  const service = await asks({ ...WHY, options: [...many, option('x', 'Résiliation')] });
  const box = screen.getByRole('searchbox', { name: 'Filtrer les choix' });

  await user.type(box, 'zzz');
  expect(screen.getByText('Aucun choix ne correspond.')).toBeTruthy();
  await user.clear(box);
  await user.type(box, 'résil{Enter}');

  await expect.poll(() => service.commands[0]?.['values']).toEqual({ why: 'x' });
});

test('what one types is sent by Enter; what is missing is pointed out first', async () => {
  const service = await asks(field('email', { type: 'email', label: 'Adresse' }), field('postcode', { label: 'Code postal' }));
  await expect.poll(() => document.activeElement).toBe(screen.getByLabelText('Adresse'));
  await user.keyboard('a@b.fr{Enter}');
  expect((await screen.findAllByRole('alert')).map((one) => one.textContent)).toContain('Vérifiez ce qui est signalé.');
  await expect.poll(() => document.activeElement).toBe(screen.getByLabelText('Code postal'));
  expect(await findings()).toEqual([]);

  await user.keyboard('69003{Enter}');

  await expect.poll(() => service.commands).toEqual([{ type: 'answer', step: 's1', values: { email: 'a@b.fr', postcode: '69003' } }]);
});

test('a text is counted near its limit, in characters, and one that is too long is not sent', async () => {
  const service = await asks(field('why', { label: 'Pourquoi', form: { max_length: 10 } }));
  const box = screen.getByLabelText('Pourquoi');
  await user.type(box, 'écrit');
  expect(screen.queryByText(/Caractères/)).toBeNull();
  await user.type(box, '😀é😀é');
  expect(screen.getByText('Caractères restants : 1')).toBeTruthy();
  await user.type(box, 'ééé{Enter}');

  expect(screen.getByText('Caractères en trop : 2')).toBeTruthy();
  expect(await screen.findByText('Il faut au plus 10 caractères.')).toBeTruthy();
  expect(await findings()).toEqual([]);
  await user.keyboard('{Backspace}{Backspace}{Enter}');
  await expect.poll(() => service.commands).toEqual([{ type: 'answer', step: 's1', values: { why: 'écrit😀é😀éé' } }]);
});

test('a form that is not met is told in words, with the author’s example in the field', async () => {
  await asks(field('order', { label: 'Commande', form: { pattern: 'F-[0-9]{4}', shape: '« F- », puis 4 chiffres', example: 'F-1042' } }));
  const box = screen.getByLabelText<HTMLInputElement>('Commande');
  expect(box.placeholder).toBe('F-1042');
  await user.type(box, '1042');
  await user.tab();

  expect((await screen.findByText(/forme attendue/)).textContent).toBe('Cette réponse n’a pas la forme attendue\u00a0: « F- », puis 4 chiffres.');
});

test('an answer the service refuses stays typed, its reason beside it', async () => {
  const service = await asks(field('order', { label: 'Commande' }));
  service.on(/commands$/, () => problem(422, 'answer.refused', { errors: { order: { code: 'answer.bad-form', message: 'Écrivez F- puis des chiffres.' } } }));
  await user.type(screen.getByLabelText('Commande'), '1042{Enter}');

  expect((await screen.findByText('Écrivez F- puis des chiffres.')).closest('[role=alert]')).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Commande').value).toBe('1042');
  expect(screen.queryByText('Pas enregistré')).toBeNull();
});

test('a command the service refuses says why, until one has read it', async () => {
  const service = await asks(WHY);
  service.on(/commands$/, () => problem(409, 'command.impossible', { detail: 'Le client est déjà en attente.' }));
  await press('h');
  const alert = await screen.findByText('Le client est déjà en attente.');

  await user.click(within(alert.closest<HTMLElement>('[role=alert]')!).getByRole('button', { name: 'Compris' }));

  expect(screen.queryByText('Le client est déjà en attente.')).toBeNull();
});

test.each([
  ['fr', 'une réponse attend et partira dès son retour', 'Hors ligne'],
  ['en', 'one answer waits and leaves as soon as it is back', 'Offline'],
] as const)('without the network the answer is shown as taken, waits, and leaves once (%s)', async (language, words, mark) => {
  const service = new Service();
  service.view = viewOf(service.session, { fields: [WHY] });
  let isUp = false;
  service.on(/commands$/, () => {
    if (!isUp) throw new TypeError('Failed to fetch');
    service.view = viewOf(service.session, { version: 2, step: { ...service.view.step!, visit: 2, title: 'La suite' } });
    return service.view;
  });
  await contact(service, language);
  await press('1');
  expect((await screen.findByText(new RegExp(words))).textContent).toBeTruthy();
  expect(screen.getByText(mark)).toBeTruthy();
  expect(screen.getByRole('button', { name: /Rien reçu/ }).getAttribute('aria-pressed')).toBe('true');
  await press('2');

  isUp = true;
  dispatchEvent(new Event('online'));

  expect(await screen.findByRole('heading', { level: 1, name: 'La suite' })).toBeTruthy();
  expect(new Set(service.commands.map((one) => JSON.stringify(one))).size).toBe(1);
});

test('an expired sign-in keeps what waits, and leads to signing in again and back', async () => {
  const service = await asks(WHY);
  service.on(/commands$/, () => problem(401, 'access.unauthenticated'));
  await press('1');
  const alert = await screen.findByText(/Votre connexion a expiré/);
  expect(await findings()).toEqual([]);

  await user.click(within(alert.closest<HTMLElement>('[role=alert]')!).getByRole('button', { name: 'Se reconnecter' }));

  expect(`${location.pathname}${location.search}`).toBe(`/sign-in?next=${encodeURIComponent(`/s/${service.session}`)}`);
});

test('a colleague’s move is said with who, and what was typed is brought for its question or let go', async () => {
  const service = await asks(field('order', { label: 'Commande' }));
  const next = viewOf(service.session, {
    version: 5, step: { ...service.view.step!, visit: 2, title: 'La suite' }, history: [line(1, { by: 'advisor:bruno' })], fields: [WHY],
  });
  service.on(/commands$/, ({ body }) => (body?.['type'] === 'provide' ? { ...next, version: 6 } : problem(412, 'session.stale', { view: next })));
  await user.type(screen.getByLabelText('Commande'), 'F-1042{Enter}');
  const alert = (await screen.findByText('bruno a avancé cette session.')).closest<HTMLElement>('[role=alert]')!;
  expect(alert.textContent).toContain('Commande\u00a0: F-1042');
  expect(await findings()).toEqual([]);

  await user.click(within(alert).getByRole('button', { name: 'Garder ma réponse pour sa question' }));

  await expect.poll(() => service.commands.at(-1)).toEqual({ type: 'provide', values: { order: 'F-1042' } });
  await expect.poll(() => screen.queryByText('bruno a avancé cette session.')).toBeNull();
});

test('the history says what was answered, by whom and how; a line leads back to its step', async () => {
  const service = new Service();
  service.view = viewOf(service.session, {
    history: [
      line(1, { shown: { email: 'a@b.fr' } }), line(2, { how: 'skipped', by: 'advisor:bruno' }), line(3, { kind: 'do', how: 'succeeded', by: 'system' }),
      line(4, { undone: true, title: 'Défaite' }),
    ],
    history_left_out: 2,
  });
  await contact(service);
  const rail = within(screen.getByRole('complementary', { name: 'Historique' }));
  expect(rail.getByText('2 lignes plus anciennes dans la transcription')).toBeTruthy();
  expect(rail.getByRole('button', { name: /Étape 2/ }).textContent).toMatch(/passée? · par bruno/);
  expect(rail.queryByRole('button', { name: /Étape 3/ })).toBeNull();
  expect(rail.getByText(/annulé par une correction \(1\)/)).toBeTruthy();

  await user.click(rail.getByRole('button', { name: /^Revoir ou corriger\s:.*Étape 1.*a@b\.fr$/ }));

  await expect.poll(() => service.commands).toEqual([{ type: 'back', visit: 1 }]);
});

test('what is known stands beside the step, the customer’s own words first', async () => {
  const service = new Service();
  service.around = {
    ...service.around, words: 'rien reçu',
    learnt: [
      { name: 'email', label: 'Adresse', shown: 'a@b.fr', value: 'a@b.fr', visit: 1, at: 0, source: null, sensitive: false },
      { name: 'none', label: 'Vide', shown: '', value: '', visit: 1, at: 0, source: null, sensitive: false },
    ],
  };
  await contact(service);

  const known = within(await screen.findByRole('region', { name: 'Ce que l’on sait' }));
  expect(await known.findByText('« rien reçu »')).toBeTruthy();
  expect(known.getByText('a@b.fr')).toBeTruthy();
  expect(known.queryByText('Vide')).toBeNull();
});

test('history and notes fold away and stay so', async () => {
  const service = await asks(WHY);
  await user.click(screen.getByRole('button', { name: 'Masquer l’historique' }));
  expect(screen.getByRole('button', { name: 'Afficher l’historique' }).getAttribute('aria-expanded')).toBe('false');
  expect(screen.queryByRole('region', { name: 'Ce que l’on sait' })).toBeNull();

  await user.click(screen.getByRole('button', { name: /Masquer les notes/ }));
  // The key that writes a note brings them back.
  await press('n');
  await expect.poll(() => document.activeElement).toBe(screen.getByRole('textbox', { name: 'Écrire une note' }));
  await user.keyboard('à rappeler{Enter}');

  await expect.poll(() => service.commands).toEqual([{ type: 'note', text: 'à rappeler' }]);
});

test.each([
  ['h', { type: 'hold' }], ['l', { type: 'mark', mark: 'searching', on: true }], ['{Alt>}{ArrowLeft}{/Alt}', { type: 'back' }],
])('one key does what needs no reason: %s', async (keys, command) => {
  const service = await asks(WHY);
  await press(keys);

  await expect.poll(() => service.commands).toEqual([command]);
});

test('what was done is seen for a moment, and heard: a text copied, a step flagged', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { say: [{ visit: 1, step: 's1', text: 'Bonjour.', goal: null, verbatim: false }], fields: [WHY] });
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: () => Promise.resolve() } });
  await contact(service);
  await press('c');
  expect(await screen.findByText('Copié.', { selector: '.told' })).toBeTruthy();

  await press('f');
  await screen.findByRole('dialog');
  await user.keyboard('1');

  expect(await screen.findByText('Signalé, merci.', { selector: '.told' })).toBeTruthy();
  expect(screen.getAllByRole('status').map((one) => one.textContent)).toContain('Signalé, merci.');
});

test('what cannot be done now is greyed and stays in its place', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { fields: [WHY], commands: ['answer', 'unhold'], held: true });
  await contact(service, 'en');
  const bar = within(screen.getByRole('navigation', { name: 'Commands' }));

  expect(bar.getAllByRole('button').filter((one) => !(one as HTMLButtonElement).disabled).map((one) => one.textContent?.trim())).toEqual(['Take backH', 'Another request…A', 'Code to resume…']);
  expect(screen.getByText('On hold')).toBeTruthy();
  await press('t');
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('several answers in one line are shown as understood before they are accepted', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { fields: [WHY] });
  service.ahead = [
    { ...field('email', { type: 'email', label: 'Adresse' }), now: false }, { ...WHY, now: true },
  ];
  await contact(service);
  await expect.poll(() => service.asked.some((one) => one.path.endsWith('/questions'))).toBe(true);
  await press('/');
  const box = screen.getByRole('textbox', { name: /Plusieurs réponses/ });
  expect(document.activeElement).toBe(box);

  await user.keyboard('rien reçu, a@b.fr, zzyzx');
  const told = document.getElementById(box.getAttribute('aria-describedby') ?? '')!;
  await expect.poll(() => told.textContent).toContain('Adresse\u00a0: a@b.fr');
  expect(told.textContent).toContain('Que dit le client ?\u00a0: Rien reçu');
  expect(told.textContent).toContain('demandé maintenant');
  expect(told.textContent).toMatch(/Pas compris\s*zzyzx/);
  expect(service.commands).toEqual([]);
  expect(await findings()).toEqual([]);
  await user.keyboard('{Enter}');

  await expect.poll(() => service.commands).toEqual([{ type: 'provide', values: { why: 'late', email: 'a@b.fr' } }]);
  await expect.poll(() => (box as HTMLInputElement).value).toBe('zzyzx');
});

const INCIDENT: SaidIncident = {
  id: 'inc_1', version: 2, text: 'Le réseau est coupé à Lyon.', language: 'fr', channel: 'phone', area: 'Lyon', begins: 0, ends: null,
  next_update: null, timezone: 'Europe/Paris', validated_by: 'Diane Moreau', validated_at: 0, status: 'on', acknowledged: false, branch: 'incident.lyon',
} as SaidIncident;

test('an incident is said aloud, followed by one key, and noted as told', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { fields: [WHY], incidents: [INCIDENT, { ...INCIDENT, id: 'inc_2', area: null, branch: null, acknowledged: true }] });
  service.on(/:acknowledge$/, () => {
    service.view = { ...service.view, incidents: [{ ...INCIDENT, acknowledged: true }] };
    return {};
  });
  await contact(service);
  const banner = within(await screen.findByRole('region', { name: 'Incident en cours' }));
  expect(banner.getAllByText('Version 2, validée par Diane Moreau')).toHaveLength(2);
  expect(await findings()).toEqual([]);

  await user.click(banner.getByRole('button', { name: 'Dit au client' }));
  await expect.poll(() => banner.queryByRole('button', { name: 'Dit au client' })).toBeNull();
  await press('i');

  await expect.poll(() => service.commands).toEqual([{ type: 'digress', journey: 'incident.lyon', incident: 'inc_1' }]);
});

test('an incident that is over asks not to be said any more', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { incidents: [{ ...INCIDENT, status: 'over', text: null }] });
  await contact(service, 'en');

  expect(await screen.findByText('Do not say the message you gave any more.')).toBeTruthy();
  expect(screen.queryByText('Le réseau est coupé à Lyon.')).toBeNull();
});

test('at the end the summary stands written, is corrected by hand, and copied by one key', async () => {
  const service = new Service();
  service.view = viewOf(service.session, { status: 'ended', outcome: 'resolved', step: null, commands: ['note'], history: [line(1, { shown: { why: 'Rien reçu' } })] });
  service.on(/\/trace$/, () => ({
    declaration: [{ code: 'parcel.late', label: 'Rien reçu', visit: 1, step: 's', principal: true }], qualification: [], action: [], not_reached: ['qualification'], undone: [],
  }));
  const copied: string[] = [];
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: (text: string) => Promise.resolve(copied.push(text)) } });
  await contact(service);
  expect(screen.getByRole('heading', { level: 1, name: 'Conclusion' })).toBeTruthy();
  const summary = screen.getByLabelText<HTMLTextAreaElement>('Résumé');
  await expect.poll(() => summary.value).toContain('Rien reçu');
  expect(screen.queryByRole('navigation', { name: 'Commandes' })).toBeNull();
  expect(await findings()).toEqual([]);

  await user.type(summary, ' Très content.');
  await press('c');

  await expect.poll(() => copied.at(-1)).toMatch(/Rien reçu[^]*Très content\.$/);
});
