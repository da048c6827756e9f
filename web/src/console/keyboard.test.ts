import { expect, test } from 'vitest';
import { type Press, DEFAULTS, isTyping, mapped, meaning, takenBy, written } from './keyboard';

const keys = { map: DEFAULTS, singles: true };

function press(key: string, more: Partial<Press> = {}): Press {
  return { key, code: '', ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more };
}

test('a digit picks an answer, on a French keyboard too', () => {
  expect(meaning(press('1', { code: 'Digit1' }), keys, false)).toBe(1);
  expect(meaning(press('&', { code: 'Digit1' }), keys, false)).toBe(1);
  expect(meaning(press('7', { code: 'Numpad7' }), keys, false)).toBe(7);
});

test('zero says that nothing fits', () => {
  expect(meaning(press('à', { code: 'Digit0' }), keys, false)).toBe('none');
});

test('letters do nothing while somebody types', () => {
  expect(meaning(press('n'), keys, true)).toBeNull();
  expect(meaning(press('1', { code: 'Digit1' }), keys, true)).toBeNull();
});

test('keys with Ctrl or Alt work while somebody types', () => {
  expect(meaning(press('k', { ctrlKey: true }), keys, true)).toBe('palette');
  expect(meaning(press('k', { metaKey: true }), keys, true)).toBe('palette');
  expect(meaning(press('ArrowLeft', { altKey: true }), keys, true)).toBe('back');
  expect(meaning(press('Enter', { ctrlKey: true }), keys, true)).toBe('finish');
});

test('characters written with AltGr ask for nothing else', () => {
  expect(meaning(press('/', { ctrlKey: true, altKey: true }), keys, true)).toBeNull();
});

test('single keys can be switched off; the others stay', () => {
  const off = { map: DEFAULTS, singles: false };

  expect(meaning(press('n'), off, false)).toBeNull();
  expect(meaning(press('1', { code: 'Digit1' }), off, false)).toBeNull();
  expect(meaning(press('k', { ctrlKey: true }), off, false)).toBe('palette');
});

test("a reader's own keys replace ours, and digits stay with the answers", () => {
  const map = mapped({ note: 'M', flag: '3', unknown: 'X', hold: 7 });

  expect(map.note).toBe('M');
  expect(map.flag).toBe(DEFAULTS.flag);
  expect(map.hold).toBe(DEFAULTS.hold);
  expect(meaning(press('m'), { map, singles: true }, false)).toBe('note');
  expect(meaning(press('n'), { map, singles: true }, false)).toBeNull();
});

test('no two actions share a key to begin with', () => {
  expect(new Set(Object.values(DEFAULTS)).size).toBe(Object.keys(DEFAULTS).length);
  expect(takenBy(DEFAULTS, 'S', 'note')).toBe('skip');
  expect(takenBy(DEFAULTS, 'S', 'skip')).toBeNull();
});

test('a modifier alone is no combination', () => {
  expect(written(press('Control', { ctrlKey: true }))).toBeNull();
});

test('a box that is ticked is not a place where one types', () => {
  const input = document.createElement('input');
  input.type = 'checkbox';
  expect(isTyping(input)).toBe(false);
  input.type = 'email';
  expect(isTyping(input)).toBe(true);
  expect(isTyping(document.createElement('textarea'))).toBe(true);
  expect(isTyping(document.createElement('button'))).toBe(false);
});
