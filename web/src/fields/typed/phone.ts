/** Phone numbers as people type them, at home or abroad: `06 12…`, `+33 (0)6…`, `0033…`. */
import { misread, type Form, type Json, type Reading } from '../field';

/** Code, prefix of home calls, lengths without both, example. Source: ITU-T E.164, national plans. */
type Plan = readonly [code: string, trunk: string, least: number, most: number, example: string];

export const PLANS: Readonly<Record<string, Plan>> = {
  FR: ['33', '0', 9, 9, '06 12 34 56 78'],
  BE: ['32', '0', 8, 9, '0470 12 34 56'],
  CH: ['41', '0', 9, 9, '078 123 45 67'],
  LU: ['352', '', 4, 11, '628 123 456'],
  DE: ['49', '0', 6, 13, '01512 3456789'],
  ES: ['34', '', 9, 9, '612 34 56 78'],
  IT: ['39', '', 6, 11, '312 345 6789'],
  PT: ['351', '', 9, 9, '912 345 678'],
  NL: ['31', '0', 9, 9, '06 12345678'],
  AT: ['43', '0', 4, 13, '0664 123456'],
  GB: ['44', '0', 9, 10, '07400 123456'],
  IE: ['353', '0', 7, 10, '085 012 3456'],
  US: ['1', '1', 10, 10, '201 555 0123'],
  CA: ['1', '1', 10, 10, '506 234 5678'],
  MA: ['212', '0', 9, 9, '0650 123456'],
  DZ: ['213', '0', 8, 9, '0551 23 45 67'],
  TN: ['216', '', 8, 8, '20 123 456'],
  GP: ['590', '0', 9, 9, '0690 00 12 34'],
  MQ: ['596', '0', 9, 9, '0696 20 12 34'],
  GF: ['594', '0', 9, 9, '0694 20 12 34'],
  RE: ['262', '0', 9, 9, '0692 12 34 56'],
};

const planOf = (form: Form): Plan => PLANS[form.country ?? 'FR'] ?? PLANS.FR!;

/** An example of the country's own numbers. */
export const examplePhone = (form: Form): string => planOf(form)[4];

export function readPhone(text: string, form: Form): Reading {
  const [code, trunk] = planOf(form);
  const digits = text.replace('(0)', '').replace(/[\s.\-/()]+/g, '');
  const home = trunk !== '' && digits.startsWith(trunk) ? digits.slice(trunk.length) : digits;
  const number = digits.startsWith('+')
    ? digits
    : digits.startsWith('00')
      ? `+${digits.slice(2)}`
      : `+${code}${home}`;
  const known = Object.values(PLANS).every(([prefix, , least, most]) => {
    const length = number.length - 1 - prefix.length;
    return !number.startsWith(`+${prefix}`) || (least <= length && length <= most);
  });
  return /^\+[1-9]\d{6,14}$/.test(number) && known
    ? { value: number }
    : misread('answer.not-a-phone', examplePhone(form));
}

/** A French number by pairs of figures, any other one as it is. */
export function showPhone(value: Json, gap = '\u00a0'): string {
  const number = String(value);
  if (!/^\+33\d{9}$/.test(number)) return number;
  return `0${number.slice(3)}`.match(/../g)!.join(gap);
}

/** A number to be corrected: as at home where it is of the question's own country. */
export const writePhone = (value: Json, form: Form): string =>
  (form.country ?? 'FR') === 'FR' ? showPhone(value, ' ') : String(value);
