// @vitest-environment node
import { expect, test } from 'vitest';
import type { Field, Json } from './field';
import {
  choicesOf,
  isChosen,
  itemFields,
  partsOf,
  proposalOf,
  show,
  showBytes,
  toggled,
  troubleOf,
  withPart,
} from './shape';
import { ago, says } from './words';

const FR = { language: 'fr', today: '2026-10-01' };
const EN = { language: 'en', today: '2026-10-01' };
const field = (type: string, more: Partial<Field> = {}): Field => ({
  name: 'q',
  type,
  label: 'Question',
  ...more,
});
const GROUP = field('group', {
  form: {
    fields: { article: { type: 'text', form: {} }, count: { type: 'number', form: { min: 1 } }, size: { type: 'choice', form: {} } },
    optional: ['size'],
    min: 1,
    max: 2,
  },
  valid: {
    type: 'array',
    items: { type: 'object', properties: { article: { type: 'string' }, size: { type: 'string', enum: ['s', 'm'] } } },
  },
});

test('yes and no answer true and false, under their own labels when they have some', () => {
  expect(choicesOf(field('yes_no'), FR).map((one) => [one.label, one.value])).toEqual([
    ['Oui', true],
    ['Non', false],
  ]);
  const named = field('yes_no', { options: [{ id: 'no', label: 'Jamais' }] });
  expect(choicesOf(named, FR)).toEqual([{ id: 'no', label: 'Jamais', value: false }]);
  expect(show(named, false, FR)).toBe('Jamais');
});

test('a mark answers a whole number, with the words of the scale', () => {
  const rating = field('rating', { form: { min: 0, max: 10, labels: { '10': 'Parfait' } } });
  expect(choicesOf(rating, FR)).toHaveLength(11);
  expect(choicesOf(rating, FR)[10]).toEqual({ id: '10', label: 'Parfait', value: 10 });
  expect(show(rating, 7, FR)).toBe('7/10');
});

test('a consent carries the proof of its text, and is known whenever it was given', () => {
  const consent = field('consent', {
    valid: { properties: { text_hash: { const: 'abc' } } },
    form: { text: 'J’accepte.' },
  });
  const [agree, refuse] = choicesOf(consent, FR, '2026-10-01T10:00:00Z');
  expect(agree!.value).toEqual({ given: true, text_hash: 'abc', at: '2026-10-01T10:00:00Z' });
  const kept = { given: true, text_hash: 'abc', at: '2020-01-01' };
  expect(isChosen(consent, agree!, kept)).toBe(true);
  expect(isChosen(consent, refuse!, kept)).toBe(false);
});

test('several options are given in their order, and none is no answer', () => {
  const many = field('multiple', { options: ['a', 'b', 'c'].map((id) => ({ id, label: id.toUpperCase() })) });
  expect(toggled(many, ['c'], 'a')).toEqual(['a', 'c']);
  expect(toggled(many, ['a'], 'a')).toBeUndefined();
  expect(toggled({ ...many, form: { min: 0 } }, ['a'], 'a')).toEqual([]);
  expect(troubleOf({ ...many, form: { min: 2 } }, ['a'], FR)).toEqual({ code: 'answer.too-few', limit: '2' });
  expect(troubleOf({ ...many, form: { max: 1 } }, ['a', 'b'], FR)).toEqual({ code: 'answer.too-many', limit: '1' });
  expect(show(many, ['a', 'c'], FR)).toBe('A, C');
});

test('a period wants both days, in their order', () => {
  const period = field('period', { form: { min: 'today' } });
  const half = withPart(undefined, 'from', '2026-10-05');
  expect(troubleOf(period, half, FR)).toEqual({ code: 'answer.not-a-period' });
  const whole = withPart(half, 'to', '2026-10-02')!;
  expect(troubleOf(period, whole, FR)).toEqual({ code: 'answer.ends-before-it-begins' });
  expect(troubleOf(period, { from: '2026-10-05', to: 'lundi' }, FR)).toEqual({ code: 'answer.not-a-date' });
  expect(troubleOf(period, { from: '2026-10-05', to: '2026-10-06' }, FR)).toBeUndefined();
  expect(show(period, { from: '2026-10-05', to: '2026-10-06' }, EN)).toBe('5 October 2026 → 6 October 2026');
  expect(withPart(half, 'from', undefined)).toBeUndefined();
});

test('an address asks for its parts, and names the one that is missing', () => {
  const address = field('address', { form: { country: 'FR' } });
  expect(partsOf(address, FR).map((one) => one.name)).toEqual(['line1', 'line2', 'postcode', 'city']);
  expect(partsOf(field('address'), FR).map((one) => one.name)).toContain('country');
  const value: Json = { line1: '12 rue de la Paix', postcode: '7500', city: 'Paris' };
  expect(troubleOf(address, value, FR)).toEqual({ code: 'answer.bad-postcode' });
  expect(troubleOf(address, { ...value, postcode: '75002' }, FR)).toBeUndefined();
  const missing = troubleOf(address, { line1: 'x', postcode: '75002' }, FR)!;
  expect(says(missing, 'fr')).toBe('Il manque\u00a0: Ville.');
  expect(troubleOf(address, { ...value, country: 'PT' }, FR)).toBeUndefined();
});

test('a file of another kind, or too heavy, is told', () => {
  const file = field('file', { form: { media_types: ['image/*', 'application/pdf'], max_bytes: 1_500_000 } });
  const value = { id: 'f1', name: 'a.png', media_type: 'image/png', size: 10 };
  expect(troubleOf(file, value, FR)).toBeUndefined();
  expect(troubleOf(file, { ...value, media_type: 'text/html' }, FR)?.code).toBe('answer.other-media-type');
  expect(says(troubleOf(file, { ...value, size: 2_000_000 }, FR)!, 'fr')).toContain('1,5\u00a0Mo');
  expect(showBytes(900, 'en')).toBe('900\u00a0B');
});

test('each item of a group asks its questions, and says that one is wrong', () => {
  expect(itemFields(GROUP).map((one) => [one.label, one.required, one.options!.length])).toEqual([
    ['Article', true, 0],
    ['Count', true, 0],
    ['Size', false, 2],
  ]);
  expect(troubleOf(GROUP, [{ article: 'pen', count: 1 }], FR)).toBeUndefined();
  expect(troubleOf(GROUP, [{ article: 'pen', count: 0 }], FR)).toEqual({ code: 'answer.in-item' });
  expect(troubleOf(GROUP, [{ article: 'pen' }], FR)).toEqual({ code: 'answer.in-item' });
  expect(troubleOf(GROUP, [], FR)).toEqual({ code: 'answer.too-few', limit: '1' });
  expect(show(GROUP, [{ article: 'pen', count: 2, size: 'm' }], FR)).toBe('pen, 2, m');
});

test('an optional question may stay empty, another may not', () => {
  expect(troubleOf(field('text'), undefined, FR)).toEqual({ code: 'answer.missing' });
  expect(troubleOf(field('text', { required: false }), undefined, FR)).toBeUndefined();
});

test('what was said during the contact comes before what was answered, and that before what was known', () => {
  const known = { value: 'a', source: 'crm', at: 1, mode: 'confirm', why: null };
  expect(proposalOf(field('text', { known, offered: 'b', suggested: 'c' }))?.value).toBe('b');
  expect(proposalOf(field('text', { known, suggested: 'c' }))?.value).toBe('c');
  expect(proposalOf(field('text', { known }))).toEqual({ value: 'a', why: 'already', source: 'crm', at: 1 });
  expect(proposalOf(field('text', { known: null, offered: false }))?.value).toBe(false);
  expect(proposalOf(field('text'))).toBeUndefined();
});

test('the age of what is known is said in words', () => {
  const day = 86_400_000;
  expect(ago(0, 3 * day, 'fr')).toBe('il y a 3 jours');
  expect(ago(0, 400 * day, 'en')).toBe('last year');
  expect(ago(0, 5_000, 'en')).toBe('this minute');
});
