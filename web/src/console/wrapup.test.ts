// @vitest-environment node
import { expect, test } from 'vitest';
import type { Axes, Code, View } from '../api/types';
import { FakeService, field } from '../session/service.fake';
import type { Around } from './around.svelte';
import { next, wrapUp } from './wrapup';

const code = (name: string, label: string, more: Partial<Code> = {}): Code => ({
  code: name, label, visit: 1, step: 's', principal: true, ...more,
});
const axes: Axes = {
  declaration: [code('livraison.suivi', 'Suivi de livraison')],
  qualification: [],
  action: [code('livraison.reexpedition', 'Réexpédition', { by_hand: true })],
  not_reached: ['qualification'],
  undone: [],
};
const around = {
  customer: { id: 'cus_1', keys: [{ kind: 'email', value: 'claire@exemple.fr' }], facts: {} },
  words: "je n'ai rien reçu",
  learnt: [
    { name: 'iban', label: 'IBAN', shown: 'FR76', value: 'FR76', visit: 3, at: 2, source: null, sensitive: true },
    { name: 'order', label: 'Commande ?', shown: 'F-1042', value: 'F-1042', visit: 2, at: 1, source: null, sensitive: false },
  ],
  notes: [{ text: 'rappelle demain' }],
  promises: [],
} as unknown as Around;

function ended(outcome: string): View {
  return { ...new FakeService([field('a')]).view(), status: 'ended', outcome, journey: { id: 'j', title: 'Suivi de livraison' } };
}

test('the wrap-up says who, in which words, the three axes, the answers and what comes next', () => {
  expect(wrapUp(ended('resolved'), axes, around, 'fr').split('\n')).toEqual([
    'Suivi de livraison · Résolu',
    'Client : claire@exemple.fr',
    "Ses mots : « je n'ai rien reçu »",
    'Déclaré : Suivi de livraison (livraison.suivi)',
    'Constaté : non atteint',
    'Fait : Réexpédition (livraison.reexpedition), à la main',
    'Réponses : Commande : F-1042',
    'Suite : Rien à faire.',
    'Notes : rappelle demain',
  ]);
});

test('what is sensitive never goes into a text that is copied elsewhere', () => {
  expect(wrapUp(ended('resolved'), axes, around, 'en')).not.toContain('FR76');
});

test('what was promised is what comes next', () => {
  const promising = { ...around, promises: [{ number: 1, what: 'Rappeler', due: null, state: 'open' }] };

  expect(next(ended('deferred'), promising, 'fr')).toBe('Rappeler');
  expect(next(ended('deferred'), around, 'fr')).toBe('Différé');
  expect(next(ended('resolved'), null, 'en')).toBe('Nothing to do.');
});

test('English lists without the space that French sets before its semicolon', () => {
  const two = [code('a', 'Refunded'), code('b', 'Called back')];

  expect(wrapUp(ended('resolved'), { ...axes, action: two }, around, 'en')).toContain('Done: Refunded (a); Called back (b)\n');
  expect(wrapUp(ended('resolved'), { ...axes, action: two }, around, 'fr')).toContain('Fait : Refunded (a) ; Called back (b)\n');
});

test('a customer whose name is known is named, with what tells them from namesakes', () => {
  expect(wrapUp(ended('resolved'), axes, { ...around, customer_name: 'Claire Dubois' }, 'fr')).toContain('Client : Claire Dubois, claire@exemple.fr\n');
});
