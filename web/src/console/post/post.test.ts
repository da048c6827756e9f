import { cleanup, screen } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { ADVISOR, Service, findings, show, user } from '../console.fake';

afterEach(cleanup);

const TEXT = 'Bonjour,\nMa commande F-1042 n’est pas arrivée.\nCordialement';
const MESSAGE = {
  id: 'msg_1', direction: 'in', kind: 'email', status: 'open', subject: 'Mon colis', contact: 'ctc_1', customer: 'cus_1',
  session: 'ses_7', at: Date.now(), from: 'claire@example.org', name: 'Claire', to: 'bonjour@boutique.example', answers: null, own_advisor: null,
  machine: null, reason: null, language: 'fr', files: [], excerpt: 'Ma commande', text: TEXT, lost: [], thread: [],
  answers_found: [
    { name: 'order_id', label: 'Commande', type: 'text', value: 'F-1042', shown: 'F-1042', how: 'told', sentence: 'Ma commande F-1042 n’est pas arrivée.', from: 9, to: 46 },
    { name: 'email', label: 'E-mail', type: 'email', value: 'claire@example.org', shown: 'claire@example.org', how: 'sender', sentence: '', from: 0, to: 0 },
  ],
  accepted: {}, refused: [],
  missing: [{ name: 'postcode', label: 'Code postal', text: 'Quel est votre code postal ?' }, { name: 'day', label: 'Jour', text: 'Quel jour ?' }],
  reply: { to: 'claire@example.org', subject: 'Re: Mon colis', body: 'Bonjour Claire,\n\n1. Quel est votre code postal ?\n\n2. Quel jour ?\n\nMerci', language: 'fr', by: 'mail', incidents: [] },
};

function posting(): Service {
  const service = new Service();
  service.me = { ...ADVISOR, permissions: ['session.read', 'message.read', 'message.work'] };
  service.on(/GET \/v1\/messages$/, () => ({ items: [{ ...MESSAGE, status: 'new' }], next: null }));
  service.on(/GET \/v1\/messages\/msg_1$/, () => MESSAGE);
  return service;
}

const sent = (service: Service, end: string): unknown => service.asked.find((one) => one.method === 'POST' && one.path.endsWith(end))?.body;

test('messages that nobody opened are told at home, listed, and opened one by one', async () => {
  const service = posting();
  await show(service, '/');
  await user.click(await screen.findByRole('link', { name: '1 message à ouvrir' }));

  await user.click(await screen.findByRole('button', { name: /Mon colis/ }));

  expect(await screen.findByRole('heading', { level: 1, name: 'Mon colis' })).toBeTruthy();
  expect(location.pathname).toBe('/messages/msg_1');
});

test('messages of one’s own customers come first, and another’s advisor is named', async () => {
  const service = posting();
  const items = [['msg_2', 'Autre', 'bruno'], ['msg_3', 'Tout venant', null], ['msg_4', 'Le mien', 'ana']].map(([id, subject, own]) => ({
    ...MESSAGE, id, subject, own_advisor: own, status: 'new',
  }));
  service.on(/GET \/v1\/messages$/, () => ({ items, next: null }));
  await show(service, '/messages');

  const rows = (await screen.findAllByRole('listitem')).map((one) => one.textContent ?? '').filter((one) => /Autre|Tout venant|Le mien/.test(one));
  expect(rows.map((one) => /Autre|Tout venant|Le mien/.exec(one)?.[0])).toEqual(['Le mien', 'Autre', 'Tout venant']);
  expect(rows[0]).toContain('D’un de vos clients');
  expect(rows[1]).toMatch(/Conseiller attitré\s: bruno/);
  expect(rows[2]).not.toContain('Conseiller');
  expect(await findings()).toEqual([]);
});

test('each answer stands with its sentence marked, and counts once it is accepted', async () => {
  const service = posting();
  service.on(/POST .*answers$/, () => ({ ...MESSAGE, answers_found: [], accepted: { order_id: 'F-1042' } }));
  await show(service, '/messages/msg_1');

  expect((await screen.findByText('Ma commande F-1042 n’est pas arrivée.', { selector: 'mark' })).textContent).toContain('F-1042');
  await user.click(screen.getByRole('button', { name: 'Accepter : Commande F-1042' }));

  expect(sent(service, '/answers')).toEqual({ accept: { order_id: 'F-1042' }, refuse: [] });
  expect(await screen.findByText('Rien de plus n’y a été lu.')).toBeTruthy();
  expect(await findings()).toEqual([]);
});

test('an answer that was read wrongly is refused', async () => {
  const service = posting();
  service.on(/POST .*answers$/, () => MESSAGE);
  await show(service, '/messages/msg_1', 'en');

  await user.click(await screen.findByRole('button', { name: /Refuse : Commande/ }));

  expect(sent(service, '/answers')).toEqual({ accept: {}, refuse: ['order_id'] });
});

test('one reply asks what is ticked, as its text was edited', async () => {
  const service = posting();
  service.on(/POST .*replies$/, () => ({ ...MESSAGE, status: 'sent' }));
  await show(service, '/messages/msg_1');

  await user.click(await screen.findByRole('checkbox', { name: 'Code postal' }));
  const body = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Texte' });
  expect(body.value).toBe('Bonjour Claire,\n\n1. Quel jour ?\n\nMerci');
  await user.type(body, ' !');
  await user.click(screen.getByRole('button', { name: 'Envoyer' }));

  expect(sent(service, '/replies')).toEqual({
    subject: 'Re: Mon colis', body: 'Bonjour Claire,\n\n1. Quel jour ?\n\nMerci !', questions: ['day'], by: 'mail',
  });
});

test('where nothing sends e-mails the reply is copied, and said to be sent by hand', async () => {
  const service = posting();
  service.on(/GET \/v1\/messages\/msg_1$/, () => ({ ...MESSAGE, kind: 'letter', reply: { ...MESSAGE.reply, by: 'hand' } }));
  service.on(/POST .*replies$/, () => ({ ...MESSAGE, status: 'sent' }));
  await show(service, '/messages/msg_1', 'en');

  await user.click(await screen.findByRole('button', { name: 'I send it myself' }));

  expect(sent(service, '/replies')).toMatchObject({ by: 'hand', questions: ['postcode', 'day'] });
  expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
});

test.each([
  ['mail', 'fr', 'Sera ajouté sous ce texte'],
  ['hand', 'en', 'To be said too, word for word'],
] as const)('what an incident adds to a reply is read before it goes, and not edited (%s, %s)', async (by, language, how) => {
  const service = posting();
  const incident = { id: 'inc_1', version: 2, text: 'Réseau coupé à Lyon.', language: 'fr' };
  service.on(/GET \/v1\/messages\/msg_1$/, () => ({ ...MESSAGE, reply: { ...MESSAGE.reply, by, incidents: [incident] } }));
  await show(service, '/messages/msg_1', language);

  expect((await screen.findByText(incident.text)).lang).toBe('fr');
  expect(screen.getByText(new RegExp(how))).toBeTruthy();
});

test('a new message begins the journey its words lead to', async () => {
  const service = posting();
  const fresh = { ...MESSAGE, status: 'new', session: null, answers_found: [], missing: [] };
  service.on(/GET \/v1\/messages\/msg_1$/, () => fresh);
  service.on(/declarations:suggest/, () => ({ items: [{ code: 'parcel.late', label: 'Rien reçu', score: 0.9, journey: 'parcel' }] }));
  service.on(/POST .*:open$/, () => MESSAGE);
  await show(service, '/messages/msg_1');

  await user.click(await screen.findByRole('button', { name: 'Rien reçu' }));

  expect(sent(service, ':open')).toEqual({ journey: 'parcel' });
  expect(await findings()).toEqual([]);
});
