// @vitest-environment node
import { expect, test } from 'vitest';
import { type Ahead, understand } from './understand';

const look = { language: 'fr', today: '2026-11-28' };

function question(name: string, type: string, more: Partial<Ahead> = {}): Ahead {
  return { name, type, label: name, options: [], now: false, form: {}, ...more };
}

const QUESTIONS: Ahead[] = [
  question('email', 'email', { label: 'E-mail', now: true }),
  question('postcode', 'text', { label: 'Code postal', form: { pattern: '[0-9]{5}' } }),
  question('order', 'text', { label: 'Commande', form: { pattern: 'F-[0-9]{4}' } }),
  question('complaint', 'choice', {
    label: 'Ce que dit le client',
    options: [
      { id: 'not_received', label: "Je n'ai rien reçu" },
      { id: 'damaged', label: 'Le colis est abîmé' },
    ],
  }),
  question('name', 'text', { label: 'Nom' }),
  question('paid', 'yes_no', { label: 'Payé' }),
];

function values(text: string, questions = QUESTIONS): Record<string, unknown> {
  return Object.fromEntries(understand(text, questions, look).understood.map((one) => [one.question.name, one.value]));
}

test('several answers in any order find their questions', () => {
  expect(values('69003, claire.dubois@example.org, F-1042')).toEqual({
    postcode: '69003',
    email: 'claire.dubois@example.org',
    order: 'F-1042',
  });
});

test("an option is understood by its words, whatever the accents", () => {
  expect(values('le colis est abime')).toEqual({ complaint: 'damaged' });
  expect(values("je n'ai rien recu et 69003")).toEqual({ complaint: 'not_received', postcode: '69003' });
});

test('a question that is named takes a text that could be anything', () => {
  expect(values('Nom : Claire Dubois')).toEqual({ name: 'Claire Dubois' });
  expect(values('nom Claire Dubois')).toEqual({ name: 'Claire Dubois' });
});

test('what nobody can be sure of is left, and shown as left', () => {
  expect(understand('Claire Dubois, 69003', QUESTIONS, look).rest).toEqual(['Claire Dubois']);
  expect(understand('oui', QUESTIONS, look).rest).toEqual(['oui']);
});

test('a yes answers the question that is asked', () => {
  const asked = QUESTIONS.map((one) => ({ ...one, now: one.name === 'paid' }));

  expect(values('oui', asked)).toEqual({ paid: true });
});

test('each question is answered once, by the first that fits', () => {
  expect(understand('69003, 75011', QUESTIONS, look)).toMatchObject({
    understood: [{ value: '69003' }],
    rest: ['75011'],
  });
});

test('the comma of an amount does not cut it in two', () => {
  const amount = [question('amount', 'money', { label: 'Montant' })];

  expect(understand('12,50 €', amount, look).understood).toHaveLength(1);
});

test('two options that fit as well as each other are not chosen between', () => {
  const two = [question('q', 'choice', { options: [{ id: 'a', label: 'colis bleu' }, { id: 'b', label: 'colis vert' }] })];

  expect(understand('colis', two, look).rest).toEqual(['colis']);
});

test("a short id among a few words means its option, where it can mean no other", () => {
  const pay = question('link_by', 'choice', { options: [{ id: 'sms', label: 'Lien envoyé au téléphone' }, { id: 'mail', label: 'Lien par courrier électronique' }] });

  expect(values('par sms, 69003', [...QUESTIONS, pay])).toEqual({ link_by: 'sms', postcode: '69003' });
  expect(understand('envoyez-moi donc la réponse par sms demain', [pay], look).rest).toHaveLength(1);
});

test('a short id that two questions have is left, unless one of them is asked now', () => {
  const two = ['v1', 'v2'].map((name) => question(name, 'choice', { options: [{ id: 'yes', label: 'Tout à fait' }, { id: 'no', label: 'Pas du tout' }] }));

  expect(understand('yes please', two, look).rest).toEqual(['yes please']);
  expect(values('yes please', two.map((one) => ({ ...one, now: one.name === 'v2' })))).toEqual({ v2: 'yes' });
});
