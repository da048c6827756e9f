import { expect, test } from 'vitest';
import { asking, pieces } from './marks';

test('a sentence is marked where it stands, however many bytes stand before it', () => {
  const text = 'Bonjour 🙂 !\nMa commande F-1042.';
  const at = Array.from('Bonjour 🙂 !\n').length;

  expect(pieces(text, [{ name: 'order', from: at, to: at + 19 }])).toEqual([
    { text: 'Bonjour 🙂 !\n', names: [] },
    { text: 'Ma commande F-1042.', names: ['order'] },
  ]);
});

test('one sentence may answer several questions, and what has no sentence marks nothing', () => {
  const spans = [{ name: 'a', from: 0, to: 2 }, { name: 'b', from: 0, to: 2 }, { name: 'c', from: 0, to: 0 }];

  expect(pieces('xyz', spans)).toEqual([{ text: 'xy', names: ['a', 'b'] }, { text: 'z', names: [] }]);
  expect(pieces('', [])).toEqual([]);
});

test('a question that is not asked leaves the draft, the others are numbered anew, and edits stay', () => {
  const body = 'Bonjour,\n\nMerci !\n\n1. Le numéro ?\n\n2. Le code postal ?\n\nÀ bientôt';
  const questions = [{ name: 'n', text: 'Le numéro ?' }, { name: 'p', text: 'Le code postal ?' }];

  expect(asking(body, questions, ['p'])).toBe('Bonjour,\n\nMerci !\n\n1. Le code postal ?\n\nÀ bientôt');
  expect(asking(body, questions, ['n', 'p'])).toBe(body);
});
