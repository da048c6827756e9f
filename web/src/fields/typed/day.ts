/** Days as people type them: `2/12/2026`, `02122026`, `2 déc. 2026`, `2026-12-02`, `demain`. */
import { isFrench, misread, type Form, type Json, type Reading } from '../field';

export const MONTHS = {
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
} as const;
const NEAR: Record<string, number> = {
  today: 0,
  "aujourd'hui": 0,
  auj: 0,
  tomorrow: 1,
  demain: 1,
  yesterday: -1,
  hier: -1,
};

/** A text without accents and capitals, to be compared. */
export const bare = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();

/** The day of a date of the machine, as its own clock has it. */
export const isoDay = (at: Date): string =>
  `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

const two = (number: number): string => String(number).padStart(2, '0');

/** A `YYYY-MM-DD` of figures that stand for a day there is, or null. */
export function day(year: number, month: number, date: number): string | null {
  const last = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  if (year < 1 || year > 9999 || date < 1 || date > last) return null;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** The full year of two figures: at most twenty years ahead. */
function century(year: string, today: string): number {
  if (year.length !== 2) return Number(year);
  const now = Number(today.slice(0, 4));
  const near = now - (now % 100) + Number(year);
  return near > now + 20 ? near - 100 : near;
}

/** The day typed, or null; figures are day, month, year in both languages. */
export function spokenDay(text: string, language: string, today: string): string | null {
  const said = bare(text.trim().replace(/’/g, "'")).replace(/\s+/g, ' ');
  const near = NEAR[said];
  if (near !== undefined) {
    const [year = 0, month = 0, date = 0] = today.split('-').map(Number);
    return isoDay(new Date(year, month - 1, date + near, 12));
  }
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(said);
  if (iso) return day(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const figures = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})$/.exec(said);
  if (figures) return day(century(figures[3]!, today), Number(figures[2]), Number(figures[1]));
  const run = /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(said);
  if (run) {
    const first = day(century(run[3]!, today), Number(run[2]), Number(run[1]));
    if (first !== null || said.length !== 8) return first;
    return day(Number(said.slice(0, 4)), Number(said.slice(4, 6)), Number(said.slice(6)));
  }
  const named = /^(?:[a-z]+\.? )?(\d{1,2})(?:er|st|nd|rd|th)? ?([a-z]{3,})\.? ?(\d{4}|\d{2})$/.exec(said);
  if (named) {
    const month = monthOf(named[2]!, language);
    return month === 0 ? null : day(century(named[3]!, today), month, Number(named[1]));
  }
  return null;
}

/** The month of a name or of its beginning, where no other begins so; 0 for none. */
function monthOf(name: string, language: string): number {
  const names = isFrench(language) ? [MONTHS.fr, MONTHS.en] : [MONTHS.en, MONTHS.fr];
  for (const months of names) {
    const found = months.map(bare).flatMap((month, at) => (month.startsWith(name) ? [at + 1] : []));
    if (found.length === 1) return found[0]!;
  }
  return 0;
}

/** What is wrong with a day that is one: before the first or after the last allowed. */
function judgeDay(value: string, form: Form, language: string, today: string): Reading {
  const bound = (limit: number | string | undefined) =>
    limit === undefined ? undefined : limit === 'today' ? today : String(limit);
  const least = bound(form.min);
  const most = bound(form.max);
  if (least !== undefined && value < least) {
    return { ...misread('answer.too-early', showDay(least, language)), value };
  }
  if (most !== undefined && value > most) {
    return { ...misread('answer.too-late', showDay(most, language)), value };
  }
  return { value };
}

export function readDay(text: string, form: Form, language: string, today: string): Reading {
  const found = spokenDay(text, language, today);
  return found === null ? misread('answer.not-a-date') : judgeDay(found, form, language, today);
}

export const writeDay = (value: Json): string => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(value));
  return parts === null ? '' : `${parts[3]}/${parts[2]}/${parts[1]}`;
};

/** A day as it is read: `4 octobre 2026`, `1er mai 2026`, `4 October 2026`. */
export function showDay(value: Json, language: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(value));
  if (parts === null) return String(value);
  const french = isFrench(language);
  const date = Number(parts[3]);
  const month = (french ? MONTHS.fr : MONTHS.en)[Number(parts[2]) - 1] ?? '';
  return `${french && date === 1 ? '1er' : date} ${month} ${Number(parts[1])}`;
}
