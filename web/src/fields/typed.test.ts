// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { same, type Field, type Form, type Json } from './field';
import { given, LINES, type Look } from './lines';
import { day, showDay, spokenDay } from './typed/day';
import { readHour, spokenHour } from './typed/hour';
import { readMail } from './typed/mail';
import { CURRENCIES, coins } from './typed/money';
import { plain, showDecimal, spokenDecimal, writeNumber } from './typed/number';
import { PLANS, readPhone } from './typed/phone';
import { hasForm, readWords } from './typed/words';
import { shapeOf, show, troubleOf } from './shape';
import { says } from './words';

interface Golden {
  form: Form;
  settings?: { options?: string[] };
  accepted: { give: Json; canonical?: Json }[];
  shown: { value: Json; fr: string; en: string }[];
  spoken?: { language: string; text: string; gives?: Json; code?: string }[];
}
// The very cases that the engine is held to: what is understood here is what is taken there.
const GOLDEN = parse(
  readFileSync(join(import.meta.dirname, '../../../tests/golden/answers/accepted.yaml'), 'utf8'),
) as Record<string, Golden>;
const TODAY = '2026-10-01';
const look = (language: string): Look => ({ language, today: TODAY });
const LANGUAGES = ['fr', 'en', 'fr-CA', 'en-GB'];
const question = (type: string): Field => ({
  name: type,
  type,
  label: type,
  form: GOLDEN[type]!.form,
  options: (GOLDEN[type]!.settings?.options ?? []).map((id) => ({ id, label: id })),
});
/** A number of a row that is the same at every run. */
function* row(seed: number, count: number): Generator<number> {
  let state = seed;
  for (let at = 0; at < count; at += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state;
  }
}

test('every answer type of the engine has its control', () => {
  const without = Object.keys(GOLDEN).filter((type) => !(type in LINES) && shapeOf(question(type)) === 'line');
  expect(without).toEqual([]);
});

describe.each(Object.keys(LINES))('%s', (type) => {
  const line = LINES[type]!;
  const golden = GOLDEN[type]!;
  const kept = golden.accepted.map((one) => one.canonical ?? one.give);

  test.each(golden.accepted)('$give in the control reads as what is kept', ({ give, canonical }) => {
    for (const language of LANGUAGES) {
      const text = line.write(canonical ?? give, golden.form, look(language));
      expect(line.read(text, golden.form, look(language))).toEqual({ value: canonical ?? give });
    }
  });

  test.each(golden.spoken ?? [])('$language, typed: $text', ({ language, text, gives, code }) => {
    const reading = line.read(text, golden.form, look(language));
    if (code !== undefined) {
      expect(reading.trouble?.code).toBe(code);
      expect(reading.value).toBeUndefined();
      return;
    }
    const plainValue = (value: Json | undefined): Json | undefined =>
      typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
    const said = plainValue(reading.value);
    const meant = gives as { amount?: string } | undefined;
    // The engine settles the coins after it has read; here they are settled at once.
    if (typeof meant === 'object' && meant?.amount !== undefined) {
      expect(Number((said as { amount: string }).amount)).toBe(Number(meant.amount));
      expect((said as { currency: string }).currency).toBe((gives as { currency: string }).currency);
    } else {
      expect(said).toEqual(gives);
    }
  });

  test('what is shown is what the service shows', () => {
    const spaces = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
    for (const { value, fr, en } of golden.shown) {
      expect(spaces(show(question(type), value, look('fr')))).toBe(fr);
      expect(spaces(show(question(type), value, look('en')))).toBe(en);
    }
  });

  test('whatever is typed is given: understood, or as it stands', () => {
    const letters = '0123456789 ,.:/-+hà€@apm\n\'"Ff';
    for (const seed of row(type.length, 400)) {
      const text = [...row(seed, seed % 12)].map((one) => letters[one % letters.length]).join('');
      for (const language of ['fr', 'en']) {
        const reading = line.read(text, golden.form, look(language));
        const value = given(reading, text);
        expect(value === undefined).toBe(text.trim() === '');
        if (value === undefined) continue;
        const again = line.write(value, golden.form, look(language));
        if (reading.value === undefined) expect(again).toBe(text);
        else expect(same(line.read(again, golden.form, look(language)).value, value)).toBe(true);
        if (reading.trouble) expect(says(reading.trouble, language)).not.toMatch(/undefined|\{/);
      }
    }
  });

  test('an answer that the engine keeps has no trouble here', () => {
    for (const value of kept) expect(troubleOf(question(type), value, look('en'))).toBeUndefined();
  });
});

test.each([
  ['12,50', 'fr', '12.50'],
  ['12.50', 'fr', '12.50'],
  ['12,50', 'en', '12.50'],
  ['12.50', 'en', '12.50'],
  ['1 234,5', 'fr', '1234.5'],
  ['1 234,5', 'en', '1234.5'],
  ['1\u202f234,5', 'fr', '1234.5'],
  ['1.234,5', 'fr', '1234.5'],
  ['1,234.5', 'fr', '1234.5'],
  ['1,234', 'fr', '1.234'],
  ['1,234', 'en', '1234'],
  ['0,234', 'en', '0.234'],
  ['1,234,567', 'en', '1234567'],
  ['1.234.567', 'fr', '1234567'],
  ["1'234.5", 'en', '1234.5'],
  ['−3', 'fr', '-3'],
  ['+7', 'fr', '7'],
  ['1,23,4', 'en', null],
  ['1.2.3', 'fr', null],
  ['1,2.3,4', 'fr', null],
  ['douze', 'fr', null],
  ['', 'fr', null],
  ['1e5', 'en', null],
])('%s typed in %s is the number %s', (text, language, meant) => {
  expect(spokenDecimal(text, language)).toBe(meant);
});

test('every number that can be written reads as itself, in every language', () => {
  const numbers = [0, -0, 1e-7, 1.5e-9, 0.1, -12.5, 1e15, -1e15, 123456789012345, 0.000123];
  for (const seed of row(7, 500)) numbers.push((seed - 1_073_741_824) / 10 ** (seed % 8));
  for (const number of numbers) {
    for (const language of LANGUAGES) {
      const typed = LINES.number!.read(writeNumber(number, language), {}, look(language));
      const grouped = spokenDecimal(showDecimal(plain(number), 'en'), 'en');
      expect(typed.value).toBe(number + 0);
      expect(Number(grouped)).toBe(number + 0);
    }
  }
});

test('every amount reads as itself, with the coins of its currency', () => {
  for (const currency of CURRENCIES) {
    const amount = (1234).toFixed(coins(currency));
    const value = { amount, currency };
    for (const language of LANGUAGES) {
      const shown = LINES.money!.show(value, {}, look(language));
      expect(LINES.money!.read(shown, {}, look(language)).value).toEqual(value);
      const written = LINES.money!.write(value, {}, look(language));
      expect(LINES.money!.read(written, {}, look(language), currency).value).toEqual(value);
    }
  }
  expect(LINES.money!.read('-0', {}, look('en')).value).toEqual({ amount: '0.00', currency: 'EUR' });
  expect(LINES.money!.read('007,5', {}, look('fr')).value).toEqual({ amount: '7.50', currency: 'EUR' });
});

test('an amount in another currency, or with half a coin, is given with what is wrong', () => {
  const reading = LINES.money!.read('12,505 €', { currency: 'EUR' }, look('fr'));
  expect(reading.value).toEqual({ amount: '12.505', currency: 'EUR' });
  expect(says(reading.trouble!, 'fr')).toBe('Gardez au plus 2 chiffres après la virgule.');
  expect(LINES.money!.read('£5', { currency: 'EUR' }, look('en')).trouble).toEqual({
    code: 'answer.other-currency',
    limit: 'EUR',
  });
});

test.each([
  ['2/12/2026', '2026-12-02'],
  ['02122026', '2026-12-02'],
  ['20122026', '2026-12-20'],
  ['20261202', '2026-12-02'],
  ['021226', '2026-12-02'],
  ['2.12.26', '2026-12-02'],
  ['2-12-2026', '2026-12-02'],
  ['2026/12/2', '2026-12-02'],
  ['12/3/58', '1958-03-12'],
  ['2 décembre 2026', '2026-12-02'],
  ['2 dec. 2026', '2026-12-02'],
  ['mercredi 2 déc 2026', '2026-12-02'],
  ['1er mai 2026', '2026-05-01'],
  ['2nd December 2026', '2026-12-02'],
  ['29/2/2024', '2024-02-29'],
  ["aujourd'hui", '2026-10-01'],
  ['demain', '2026-10-02'],
  ['Hier', '2026-09-30'],
  ['29/2/2026', null],
  ['31/4/2026', null],
  ['0/1/2026', null],
  ['2/13/2026', null],
  ['2 ju 2026', null],
  ['2 jui 2026', null],
  ['2/12', null],
  ['32122026', null],
])('%s is the day %s', (text, meant) => {
  for (const language of ['fr', 'en']) expect(spokenDay(text, language, TODAY)).toBe(meant);
});

test('every day reads as itself, however it is written', () => {
  for (const seed of row(3, 800)) {
    const value = day(1900 + (seed % 200), 1 + (seed % 12), 1 + (seed % 28))!;
    const [year, month, date] = value.split('-');
    for (const language of LANGUAGES) {
      const forms = [
        LINES.date!.write(value, {}, look(language)),
        showDay(value, language),
        value,
        `${date}${month}${year}`,
        `${Number(date)}.${Number(month)}.${year}`,
      ];
      for (const text of forms) expect(spokenDay(text, language, TODAY)).toBe(value);
    }
  }
});

test('a day outside the bounds is given, with the bound in words', () => {
  const reading = LINES.date!.read('1/1/2020', { min: 'today' }, look('fr'));
  expect(reading.value).toBe('2020-01-01');
  expect(says(reading.trouble!, 'fr')).toBe('Au plus tôt\u00a0: 1er octobre 2026.');
});

test.each([
  ['9h30', '09:30'],
  ['9 h', '09:00'],
  ['9', '09:00'],
  ['09:30', '09:30'],
  ['9.30', '09:30'],
  ['0930', '09:30'],
  ['930', '09:30'],
  ['14 heures 5', null],
  ['14 heures 05', '14:05'],
  ['9 h 30 min', '09:30'],
  ['2:30 pm', '14:30'],
  ['12 am', '00:00'],
  ['12 pm', '12:00'],
  ['midi', '12:00'],
  ['minuit', '00:00'],
  ['13 pm', null],
  ['24h', null],
  ['9h60', null],
  ['9h3', null],
  ['tôt', null],
])('%s is the hour %s', (text, meant) => {
  expect(spokenHour(text)).toBe(meant);
});

test('every minute of the day reads as itself', () => {
  for (let at = 0; at < 1440; at += 1) {
    const value = new Date(at * 60_000).toISOString().slice(11, 16);
    for (const language of LANGUAGES) {
      for (const put of [LINES.time!.write, LINES.time!.show]) {
        expect(readHour(put(value, {}, look(language)), {}, language)).toEqual({ value });
      }
    }
  }
});

test.each([
  ['06 12 34 56 78', 'FR', '+33612345678'],
  ['06.12.34.56.78', 'FR', '+33612345678'],
  ['+33 (0)6 12 34 56 78', 'FR', '+33612345678'],
  ['0033612345678', 'BE', '+33612345678'],
  ['0470 12 34 56', 'BE', '+32470123456'],
  ['201-555-0123', 'US', '+12015550123'],
  ['+44 7400 123456', 'FR', '+447400123456'],
  ['06 12 34 56', 'FR', undefined],
  ['allo', 'FR', undefined],
])('%s dialled in %s is %s', (text, country, meant) => {
  expect(readPhone(text, { country }).value).toBe(meant);
});

test('the example of every country is one of its numbers', () => {
  for (const [country, [code]] of Object.entries(PLANS)) {
    const line = LINES.phone!;
    const value = line.read(line.example!({ country }, look('fr')), { country }, look('fr')).value;
    expect(value).toMatch(new RegExp(`^\\+${code}\\d+$`));
    expect(line.read(line.write(value!, { country }, look('fr')), { country }, look('fr')).value).toBe(value);
  }
});

test.each([
  ['Ana@Example.ORG ', 'Ana@example.org'],
  ['mailto:a.b@c.fr', 'a.b@c.fr'],
  ['a@bücher.example', 'a@bücher.example'],
  ['a@b', undefined],
  ['a..b@c.fr', undefined],
  ['@c.fr', undefined],
  ['a b@c.fr', undefined],
])('the address %s is %s', (text, meant) => {
  expect(readMail(text).value).toBe(meant);
});

test('a pattern that could take for ever is left to the service', () => {
  expect(hasForm('x', 'F-[0-9]{4}')).toBe(false);
  expect(hasForm('F-1042', 'F-[0-9]{4}')).toBe(true);
  expect(hasForm('a'.repeat(60), '(a+)+b')).toBe(true);
  expect(hasForm('x', '[')).toBe(true);
});

test('a text that is too long is given whole', () => {
  const text = 'é'.repeat(9);
  expect(readWords(text, { max_length: 8 })).toEqual({
    value: text,
    trouble: { code: 'answer.too-long', limit: '8' },
  });
});
