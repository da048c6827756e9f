/** Numbers that prove themselves by their check digits; spaces are left out. */
import { misread, type Form, type Json, type Reading } from '../field';

/** Whether the last digit checks the others. Source: ISO/IEC 7812-1, annex B. */
function luhn(digits: string): boolean {
  let total = 0;
  [...digits].reverse().forEach((digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    total += value > 9 ? value - 9 : value;
  });
  return total % 10 === 0;
}

/** Whether a number with letters leaves 1 by 97. Source: ISO/IEC 7064, MOD 97-10. */
function mod97(text: string): boolean {
  let left = 0;
  for (const letter of text) {
    const value = parseInt(letter, 36);
    left = (left * (value > 9 ? 100 : 10) + value) % 97;
  }
  return left === 1;
}

const sum = (text: string, weight: (place: number) => number): number =>
  [...text].reduce((total, digit, place) => total + Number(digit) * weight(place), 0);

/** Form and check of each scheme, of a text without spaces and in capitals. */
const SCHEMES: Record<string, readonly [form: RegExp, check: (text: string) => boolean]> = {
  luhn: [/^\d{2,40}$/, luhn],
  mod97: [/^[\dA-Z]{3,40}$/, mod97],
  iban: [/^[A-Z]{2}\d{2}[\dA-Z]{11,30}$/, (text) => mod97(text.slice(4) + text.slice(0, 4))],
  siren: [/^\d{9}$/, luhn],
  siret: [
    /^\d{14}$/,
    // The post office's branches are checked by the plain sum of their digits. Source: INSEE.
    (text) =>
      (text.startsWith('356000000') && sum(text, () => 1) % 5 === 0) ||
      (luhn(text) && luhn(text.slice(0, 9))),
  ],
  ean13: [/^\d{13}$/, (text) => sum(text, (place) => (place % 2 === 1 ? 3 : 1)) % 10 === 0],
};

export function readIdentifier(text: string, form: Form): Reading {
  const said = text.replace(/\s/g, '');
  const scheme = form.scheme === undefined ? undefined : SCHEMES[form.scheme];
  if (scheme === undefined) return { value: said };
  const value = said.toUpperCase();
  const [written, check] = scheme;
  return written.test(value) && check(value)
    ? { value }
    : { ...misread('answer.bad-identifier', form.scheme?.toUpperCase()), value };
}

/** An IBAN in groups of four, SIREN and SIRET in groups of three. */
export function writeIdentifier(value: Json, form: Form): string {
  const text = String(value);
  if (form.scheme === 'iban') return text.replace(/(.{4})(?=.)/g, '$1 ');
  if (form.scheme === 'siren') return text.replace(/(.{3})(?=.)/g, '$1 ');
  if (form.scheme === 'siret') return text.replace(/^(.{3})(.{3})(.{3})(.*)$/, '$1 $2 $3 $4').trim();
  return text;
}
