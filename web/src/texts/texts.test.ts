// @vitest-environment node
import { expect, test } from 'vitest';
import { en } from './en';
import { ago, dayAndTime, duration, money } from './format';
import { fr } from './fr';
import { pair, spaced } from './spacing';
import { type Key, deployed, preferred, translate } from './translate';

const keys = Object.keys(fr) as Key[];

test('both languages have the same texts, and none is empty', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(fr).sort());
  expect(keys.filter((key) => fr[key].trim() === '' || en[key].trim() === '')).toEqual([]);
});

test('a text is written once, in one of the parts', () => {
  for (const language of ['fr', 'en']) {
    const parts = import.meta.glob<Record<string, Record<string, string>>>('./*/*.ts', { eager: true });
    const written = Object.entries(parts)
      .filter(([path]) => path.startsWith(`./${language}/`))
      .flatMap(([, part]) => Object.values(part).flatMap(Object.keys));
    expect(written.sort()).toEqual([...keys].sort());
  }
});

test('every text is said somewhere', () => {
  const pages = import.meta.glob<string>(['../**/*.{ts,svelte}', '!../texts/**', '!../**/*.test.ts', '!../api/schema.d.ts'], {
    eager: true, query: '?raw', import: 'default',
  });
  const source = Object.values(pages).join('\n');
  const begun = [...source.matchAll(/`([\w.-]+\.)\$\{/g)].map((one) => one[1] ?? '');
  expect(keys.filter((key) => !source.includes(`'${key}'`) && !begun.some((one) => key.startsWith(one)))).toEqual([]);
});

test('both languages have the same holes in each text', () => {
  const holes = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)/g)].map((hole) => hole[1] ?? ''))].sort();

  expect(keys.filter((key) => holes(fr[key]).join() !== holes(en[key]).join())).toEqual([]);
});

test('a number chooses its words, as each language counts', () => {
  expect(translate('fr', 'top.reiterated', { n: 0 })).toBe('0 contact précédent');
  expect(translate('en', 'top.reiterated', { n: 0 })).toBe('0 earlier contacts');
  expect(translate('fr', 'top.reiterated', { n: 2 })).toBe('2 contacts précédents');
  expect(translate('en', 'top.reiterated', { n: 1 })).toBe('1 earlier contact');
});

test('what fills a hole is never read as a text of ours', () => {
  expect(translate('en', 'home.start', { title: '{n} <b>' })).toBe('Begin {n} <b>');
});

test('amounts and durations are written as each language does', () => {
  expect(money('80.00', 'EUR', 'fr').replace(/\s/gu, ' ')).toBe('80,00 €');
  expect(money('80.00', 'EUR', 'en')).toBe('€80.00');
  expect(duration(65_000, 'en')).toBe('1 min 5 secs');
  expect(ago(0, 'en', 120_000)).toBe('2 minutes ago');
});

test('French punctuation never begins a line, in any of its texts', () => {
  expect(spaced('« Quoi ? » : non ; si !')).toBe('«\u00a0Quoi\u00a0?\u00a0»\u00a0: non\u00a0; si\u00a0!');
  expect(keys.filter((key) => / [?!;:»]|« /.test(translate('fr', key)))).toEqual([]);
  expect([pair('Commande', 'F-1', 'fr'), pair('Order', 'F-1', 'en')]).toEqual(['Commande\u00a0: F-1', 'Order: F-1']);
});

test('a date of another year says which', () => {
  const now = Date.UTC(2026, 10, 28, 12);
  expect(dayAndTime(Date.UTC(2026, 11, 31, 12), 'en', now)).not.toMatch(/20\d\d/);
  expect(dayAndTime(Date.UTC(2036, 0, 1, 12), 'en', now)).toContain('2036');
  expect(dayAndTime(Date.UTC(2036, 0, 1, 12), 'fr', now)).toContain('2036');
});

test('a deployment’s language goes before the browser’s, where it is ours', () => {
  expect(deployed('a=b; parcours-language=en')).toBe('en');
  expect([deployed(''), deployed('parcours-language=de'), deployed('x-parcours-language=en')]).toEqual([null, null, null]);
});

test('a browser gets the first of its languages that we have', () => {
  expect(preferred(['de-DE', 'fr-CH', 'en'])).toBe('fr');
  expect(preferred(['de'])).toBe('en');
});
