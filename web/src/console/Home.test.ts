import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { app } from './app.svelte';
import { Service, findings, listed, problem, show, user } from './console.fake';

afterEach(cleanup);

const SUGGESTED = { code: 'parcel.late', label: 'Rien reçu', score: 0.9, journey: 'parcel', matched: 'rien reçu' };
const search = (): HTMLElement => screen.getByRole('searchbox');
const begun = (service: Service): unknown => service.asked.find((one) => one.method === 'POST' && one.path === '/v1/sessions')?.body;

test('the customer’s words lead to what they declare; Enter begins it, with the words and the channel', async () => {
  const service = new Service();
  service.on(/declarations:suggest/, () => ({ items: [SUGGESTED, { ...SUGGESTED, code: 'none', journey: null }] }));
  await show(service, '/');
  expect(document.activeElement).toBe(search());

  await user.selectOptions(screen.getByRole('combobox', { name: 'Canal' }), 'chat');
  await user.type(search(), ' rien reçu ');
  const rows = await screen.findByRole('button', { name: /Rien reçu/ });
  expect(rows.textContent).toContain('Mène à Suivi de livraison');
  await user.type(search(), '{Enter}');

  await expect.poll(() => begun(service)).toMatchObject({ journey: 'parcel', channel: 'chat', words: 'rien reçu' });
  expect(location.pathname).toBe(`/s/${service.session}`);
});

test('journeys and steps are found by their names; what a motive leads to already stands once', async () => {
  const service = new Service();
  service.on(/declarations:suggest/, () => ({ items: [SUGGESTED] }));
  service.on(/GET \/v1\/search/, () => ({
    items: [
      { kind: 'journey', id: 'parcel', journey: 'parcel', title: 'Suivi de livraison', score: 1 },
      { kind: 'step', id: 's', journey: 'refund', title: 'Le montant', score: 1 },
      { kind: 'journey', id: 'system', journey: 'of.the.system', title: 'Interne', score: 1 },
      { kind: 'journey', id: 'line', journey: 'line', title: 'Panne d’internet', score: 0.1 },
    ],
  }));
  await show(service, '/');
  await user.type(search(), 'x');

  const found = await screen.findByRole('button', { name: /Le montant/ });
  expect(found.textContent).toContain('Remboursement');
  expect(found.closest('ul')?.querySelectorAll('li')).toHaveLength(1);
  expect(await findings()).toEqual([]);
});

test.each([
  ['fr', 'Rien ne correspond à « zzz »', 'Personne n’attend'],
  ['en', 'Nothing fits “zzz”', 'Nobody waits'],
] as const)('nothing found, nobody waiting: each is said, and what to do (%s)', async (language, nothing, nobody) => {
  await show(new Service(), '/', language);
  expect(await screen.findByText(new RegExp(nobody))).toBeTruthy();

  await user.type(search(), 'zzz');

  expect(await screen.findByText(new RegExp(nothing))).toBeTruthy();
  await user.clear(search());
  await expect.poll(() => screen.queryByText(new RegExp(nothing))).toBeNull();
});

test('sessions that wait for somebody are counted and taken; one’s own are opened', async () => {
  const service = new Service();
  service.waiting = [listed('ses_w', { waiting: 'hand_over', title: 'Remboursement' })];
  service.mine = [listed(service.session), listed('ses_p', { status: 'paused', title: null })];
  await show(service, '/');
  const lists = within(screen.getByRole('complementary'));
  expect((await lists.findByRole('heading', { name: /À reprendre/ })).textContent).toContain('1');
  expect(lists.getByRole('button', { name: /Remboursement/ }).textContent).toContain('Relais');

  await user.click(lists.getByRole('button', { name: /Suivi de livraison/ }));

  expect(location.pathname).toBe(`/s/${service.session}`);
});

test('two sessions of one journey are told apart: who, about what, where it stands and since when', async () => {
  const service = new Service();
  const begun = new Date();
  begun.setHours(9, 30, 0, 0);
  service.mine = [
    listed('ses_a', { who: 'claire@exemple.fr', about: ['F-1042'], step_title: 'Chercher la commande', started_at: begun.getTime() }),
    listed('ses_b', { step_title: 'La plainte' }),
  ];
  await show(service, '/');

  const [one, other] = await screen.findAllByRole('button', { name: /^Suivi de livraison/ });

  for (const said of ['claire@exemple.fr', 'F-1042', 'Chercher la commande', 'commencé 09:30']) expect(one?.textContent).toContain(said);
  for (const said of ['Client non identifié', 'La plainte']) expect(other?.textContent).toContain(said);
  expect(await findings()).toEqual([]);
});

test('what cannot be read is told, what is typed stays, and one press reads it again', async () => {
  const service = new Service();
  let isUp = false;
  service.on(/GET \/v1\/journeys/, () => (isUp ? { items: [], next: null } : problem(503, 'service.busy', { detail: 'Trop occupé.' })));
  await show(service, '/');
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Trop occupé.');
  await user.type(search(), 'mon colis');

  isUp = true;
  await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));

  expect(await screen.findByText('Aucun parcours n’est publié pour l’instant.')).toBeTruthy();
  expect((search() as HTMLInputElement).value).toBe('mon colis');
});

test('a key pressed twice begins one contact', async () => {
  const service = new Service();
  const begun = (): number => service.asked.filter((one) => one.method === 'POST' && one.path === '/v1/sessions').length;
  let answer: () => void = () => undefined;
  service.on(/POST \/v1\/sessions$/, () => new Promise((done) => { answer = () => done({ session: service.session, view: service.view } as never); }));
  await show(service, '/');
  (await screen.findByRole('button', { name: 'Commencer Remboursement' })).focus();

  await user.keyboard('{Enter}{Enter}');
  await expect.poll(begun).toBeGreaterThan(0);
  answer();

  await expect.poll(() => location.pathname).toBe(`/s/${service.session}`);
  expect(begun()).toBe(1);
});

test('a journey that cannot be begun says why, and everything stays', async () => {
  const service = new Service();
  service.on(/POST \/v1\/sessions$/, () => problem(422, 'journey.unknown', { detail: 'Ce parcours n’est plus proposé.' }));
  await show(service, '/');

  await user.click(await screen.findByRole('button', { name: 'Commencer Remboursement' }));

  expect((await screen.findByRole('alert')).textContent).toContain('Ce parcours n’est plus proposé.');
  expect(location.pathname).toBe('/');
});

test('favourites come first, then what was begun lately', async () => {
  const service = new Service();
  service.me = { ...service.me, preferences: { favourites: ['line', 'gone'] } };
  await show(service, '/');
  const titles = (): (string | null)[] => screen.getAllByRole('button', { name: /^Commencer/ }).map((one) => one.querySelector('strong')?.textContent ?? null);
  await screen.findByRole('button', { name: 'Commencer Remboursement' });
  expect(titles()).toEqual(['Panne d’internet', 'Suivi de livraison', 'Remboursement']);

  await user.click(screen.getByRole('button', { name: 'Mettre Remboursement en favori' }));

  expect(titles()).toEqual(['Panne d’internet', 'Remboursement', 'Suivi de livraison']);
  expect(app.preferences.favourites).toEqual(['line', 'gone', 'refund']);
});
