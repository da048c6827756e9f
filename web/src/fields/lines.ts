/** The answer types that are typed on one line: how each is read, corrected and shown. */
import { isRecord, misread, type Field, type Form, type Json, type Reading } from './field';
import { readDay, showDay, writeDay } from './typed/day';
import { readHour, showHour, writeHour } from './typed/hour';
import { readIdentifier, writeIdentifier } from './typed/identifier';
import { readMail } from './typed/mail';
import { example, readMoney, showMoney, writeMoney } from './typed/money';
import { plain, readNumber, showDecimal, writeNumber } from './typed/number';
import { examplePhone, readPhone, showPhone, writePhone } from './typed/phone';
import { readWords } from './typed/words';

/** Who looks: their language, and the day it is for them. */
export interface Look {
  language: string;
  today: string;
}

export interface Line {
  read(text: string, form: Form, look: Look, chosen?: string): Reading;
  /** The value as it is put into the control; what has not the type's form comes back as it is. */
  write(value: Json, form: Form, look: Look): string;
  /** The value as it is read by people. */
  show(value: Json, form: Form, look: Look): string;
  example?(form: Form, look: Look): string;
  inputmode?: 'text' | 'decimal' | 'numeric' | 'tel' | 'email';
  autocomplete?: 'tel' | 'email' | 'bday';
}

const asTyped = (value: Json): string => (typeof value === 'string' ? value : '');
const isNumber = (value: Json): boolean =>
  typeof value === 'number' || (isRecord(value) && typeof value.value === 'number');

const WORDS: Line = {
  read: (text, form) => readWords(text, form),
  write: asTyped,
  show: asTyped,
  example: (form) => form.example ?? '',
};

export const LINES: Readonly<Record<string, Line>> = {
  text: WORDS,
  number: {
    read: (text, form, look) => readNumber(text, form, look.language),
    write: (value, _form, look) => (isNumber(value) ? writeNumber(value, look.language) : asTyped(value)),
    show(value, _form, look) {
      const number = isRecord(value) ? value.value : value;
      if (typeof number !== 'number') return asTyped(value);
      const shown = showDecimal(plain(number), look.language);
      return isRecord(value) ? `${shown}\u00a0${String(value.unit)}` : shown;
    },
    inputmode: 'decimal',
  },
  money: {
    read: (text, form, look, chosen) => readMoney(text, form, look.language, chosen),
    write: (value, _form, look) =>
      isRecord(value) ? writeMoney(value, look.language) : asTyped(value),
    show: (value, _form, look) =>
      isRecord(value) ? showMoney(value, look.language) : asTyped(value),
    example: (form, look) => example(form, look.language),
    inputmode: 'decimal',
  },
  date: {
    read: (text, form, look) => readDay(text, form, look.language, look.today),
    write: (value) => writeDay(value) || asTyped(value),
    show: (value, _form, look) => showDay(value, look.language),
    inputmode: 'text',
  },
  time: {
    read: (text, form, look) => readHour(text, form, look.language),
    write: (value, _form, look) =>
      /^\d\d:\d\d$/.test(asTyped(value)) ? writeHour(value, look.language) : asTyped(value),
    show: (value, _form, look) => showHour(value, look.language),
    inputmode: 'text',
  },
  phone: {
    read: (text, form) => readPhone(text, form),
    write: (value, form) => writePhone(value, form),
    show: (value) => showPhone(value),
    example: (form) => examplePhone(form),
    inputmode: 'tel',
    autocomplete: 'tel',
  },
  email: {
    read: (text) => readMail(text),
    write: asTyped,
    show: asTyped,
    inputmode: 'email',
    autocomplete: 'email',
  },
  identifier: {
    read: (text, form) => readIdentifier(text, form),
    write: (value, form) => writeIdentifier(value, form),
    show: (value, form) => writeIdentifier(value, form),
    inputmode: 'text',
  },
};

/** Data that a system gives: a person who has to write them writes JSON. */
export const DATA: Line = {
  read(text) {
    try {
      return { value: JSON.parse(text) as Json };
    } catch {
      return misread('answer.not-data');
    }
  },
  write: (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
  show: (value) => JSON.stringify(value),
};

/** How a question's answer is typed, where it is typed on a line. */
export const lineOf = (field: Field): Line | undefined =>
  field.type === 'list' || field.type === 'record' ? DATA : LINES[field.type];

/**
 * What is given for a text typed: its JSON form where it is understood, else the text itself.
 *
 * So nothing typed is lost, and the service can say what is wrong with it. Blank is undefined.
 */
export function given(reading: Reading, text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  return reading.value === undefined ? text : reading.value;
}
