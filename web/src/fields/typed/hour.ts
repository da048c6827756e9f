/** Hours of the day as people type them: `9h30`, `9 h`, `09:30`, `0930`, `2:30 pm`, `midi`. */
import { bare } from './day';
import { isFrench, misread, type Form, type Json, type Reading } from '../field';

const NAMED: Record<string, string> = { midi: '12:00', noon: '12:00', minuit: '00:00', midnight: '00:00' };
const TYPED = /^(\d{1,2})(?: ?(?:[:h.]|heures?) ?(\d{2})?)? ?(?:min)? ?(am|pm|a\.m\.|p\.m\.)?$/;

export function spokenHour(text: string): string | null {
  const said = bare(text.trim()).replace(/\s+/g, ' ');
  const named = NAMED[said];
  if (named !== undefined) return named;
  const run = /^(\d{1,2})(\d{2})$/.exec(said);
  const found = run ?? TYPED.exec(said);
  if (found === null) return null;
  let hour = Number(found[1]);
  const minute = found[2] ?? '00';
  if (run === null && found[3] !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (found[3].startsWith('p') ? 12 : 0);
  }
  return hour < 24 && Number(minute) < 60 ? `${String(hour).padStart(2, '0')}:${minute}` : null;
}

export function readHour(text: string, form: Form, language: string): Reading {
  const value = spokenHour(text);
  if (value === null) return misread('answer.not-a-time');
  if (form.min !== undefined && value < String(form.min)) {
    return { ...misread('answer.too-early', showHour(form.min, language)), value };
  }
  if (form.max !== undefined && value > String(form.max)) {
    return { ...misread('answer.too-late', showHour(form.max, language)), value };
  }
  return { value };
}

export const writeHour = (value: Json, language: string): string =>
  isFrench(language) ? String(value).replace(':', 'h') : String(value);

export const showHour = (value: Json, language: string): string =>
  isFrench(language) ? String(value).replace(':', '\u00a0h\u00a0') : String(value);
