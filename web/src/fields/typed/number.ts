/** Numbers as people type them: `12,50`, `12.50`, `1 234,5`, `1,234.5`. */
import { isFrench, isRecord, misread, type Form, type Json, type Reading } from '../field';

const LIMIT = 1e15;
const PLAIN = /^[+-]?\d{1,18}(\.\d{1,15})?$/;

/**
 * The number typed, with a point and without groups, or null.
 *
 * Where both marks stand, the last one is the decimal mark. A single comma before three figures
 * is a group in English, a decimal mark in French.
 */
export function spokenDecimal(text: string, language: string): string | null {
  let said = text.replace(/[\s'’]/g, '').replace('−', '-');
  const commas = said.split(',').length - 1;
  const points = said.split('.').length - 1;
  if (commas > 0 && points > 0) {
    const group = said.lastIndexOf(',') > said.lastIndexOf('.') ? '.' : ',';
    said = grouped(said, group);
  } else if (commas > 1) {
    said = grouped(said, ',');
  } else if (points > 1) {
    said = grouped(said, '.');
  } else if (commas === 1 && !isFrench(language) && /^[+-]?[1-9]\d{0,2},\d{3}$/.test(said)) {
    said = grouped(said, ',');
  }
  said = said.replace(',', '.');
  return PLAIN.test(said) ? said.replace(/^\+/, '') : null;
}

/** Without a mark that cuts groups of three; as it was when it does not. */
function grouped(said: string, mark: string): string {
  const decimal = mark === ',' ? '.' : ',';
  const [whole = '', ...rest] = said.split(decimal);
  if (rest.length > 1) return 'x';
  const groups = whole.replace(/^[+-]/, '').split(mark);
  const right = groups.every((group, at) => (at === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(group));
  if (!right || (rest[0] ?? '').includes(mark)) return 'x';
  return [whole.split(mark).join(''), ...rest].join('.');
}

/** A number without an exponent, as JSON may write it and people do not. */
export function plain(value: number): string {
  const text = String(value);
  const [digits = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  const shift = Number(exponent);
  if (shift > 0) return BigInt(value).toString();
  const decimals = -shift + (digits.split('.')[1] ?? '').length;
  return value.toFixed(Math.min(decimals, 100));
}

export function readNumber(text: string, form: Form, language: string): Reading {
  let said = text.trim();
  const unit = form.unit;
  if (unit !== undefined && said.toLowerCase().endsWith(unit.toLowerCase())) {
    said = said.slice(0, -unit.length);
  }
  const decimal = spokenDecimal(said, language);
  if (decimal === null) return misread('answer.not-a-number');
  const number = Number(decimal) + 0;
  const value: Json = unit === undefined ? number : { value: number, unit };
  const trouble = judgeNumber(number, decimal, form, language);
  return trouble === null ? { value } : { ...trouble, value };
}

function judgeNumber(
  number: number,
  decimal: string,
  form: Form,
  language: string,
): Reading | null {
  const least = Math.max(Number(form.min ?? -LIMIT), -LIMIT);
  const most = Math.min(Number(form.max ?? LIMIT), LIMIT);
  const shown = (limit: number) => writeDecimal(plain(limit), language) + (form.unit ? ` ${form.unit}` : '');
  if (number < least) return misread('answer.too-small', shown(least));
  if (number > most) return misread('answer.too-large', shown(most));
  const decimals = form.integer ? 0 : form.decimals;
  const places = decimal.replace(/0+$/, '').split('.')[1]?.length ?? 0;
  if (!decimal.includes('.') || decimals === undefined) return null;
  if (decimals === 0 && places > 0) return misread('answer.not-whole');
  return places > decimals ? misread('answer.too-many-decimals', String(decimals)) : null;
}

export const writeDecimal = (decimal: string, language: string): string =>
  isFrench(language) ? decimal.replace('.', ',') : decimal;

export function writeNumber(value: Json, language: string): string {
  const number = isRecord(value) ? value.value : value;
  return typeof number === 'number' ? writeDecimal(plain(number), language) : '';
}

/** A number with the language's marks and groups of three, to be read. */
export function showDecimal(decimal: string, language: string): string {
  const sign = decimal.startsWith('-') ? '-' : '';
  const [whole = '', rest] = decimal.replace('-', '').split('.');
  const [mark, point] = isFrench(language) ? ['\u202f', ','] : [',', '.'];
  const cut = whole.replace(/\B(?=(\d{3})+$)/g, mark);
  return sign + (rest === undefined ? cut : cut + point + rest);
}
