/** Dates, amounts, numbers and durations as a language writes them. */

export type Language = 'fr' | 'en';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Formatters are costly to make; each is made once. */
const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat | Intl.ListFormat>();

function once<Formatter extends NonNullable<ReturnType<typeof made.get>>>(key: string, make: () => Formatter): Formatter {
  let found = made.get(key);
  if (found === undefined) {
    found = make();
    made.set(key, found);
  }
  return found as Formatter;
}

/** British English: days before months, 24 hours, as in the rest of Europe. */
export function localeOf(language: Language): string {
  return language === 'fr' ? 'fr-FR' : 'en-GB';
}

export function time(at: number, language: Language): string {
  return once(`t${language}`, () =>
    new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit' })).format(at);
}

export function exactTime(at: number, language: Language): string {
  return once(`x${language}`, () =>
    new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit', second: '2-digit' })).format(at);
}

export function day(at: number | Date, language: Language): string {
  return once(`d${language}`, () =>
    new Intl.DateTimeFormat(localeOf(language), { day: 'numeric', month: 'long', year: 'numeric' })).format(at);
}

/** A day and its hour; the year too, when it is not this one. */
export function dayAndTime(at: number | Date, language: Language, now: number = Date.now()): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return once(`dt${language}${isThisYear ? '' : 'y'}`, () =>
    new Intl.DateTimeFormat(localeOf(language), {
      weekday: 'short', day: 'numeric', month: 'short', ...(isThisYear ? {} : { year: 'numeric' as const }), hour: '2-digit', minute: '2-digit',
    })).format(at);
}

/** A day by its weekday, as one says it of the days to come. */
export function dayOfWeek(at: number, language: Language): string {
  return once(`dw${language}`, () =>
    new Intl.DateTimeFormat(localeOf(language), { weekday: 'long', day: 'numeric', month: 'long' })).format(at);
}

/** From when to when: the day once. */
export function span(begins: number, ends: number, language: Language): string {
  return `${dayAndTime(begins, language)}–${time(ends, language)}`;
}

/** The hour when it is today, else the day too. */
export function moment(at: number, language: Language, now: number = Date.now()): string {
  return new Date(at).toDateString() === new Date(now).toDateString() ? time(at, language) : dayAndTime(at, language, now);
}

export function money(amount: string | number, currency: string, language: Language): string {
  return once(`m${language}${currency}`, () =>
    new Intl.NumberFormat(localeOf(language), { style: 'currency', currency })).format(Number(amount));
}

export function number(value: number, language: Language): string {
  return once(`n${language}`, () => new Intl.NumberFormat(localeOf(language))).format(value);
}

export function list(items: string[], language: Language): string {
  return once(`l${language}`, () => new Intl.ListFormat(localeOf(language), { type: 'conjunction' })).format(items);
}

/** How long something took: seconds below a minute, minutes below an hour. */
export function duration(ms: number, language: Language): string {
  const unit = (value: number, name: string): string =>
    once(`u${language}${name}`, () =>
      new Intl.NumberFormat(localeOf(language), { style: 'unit', unit: name, unitDisplay: 'short' })).format(value);
  if (ms < MINUTE) {
    return unit(Math.max(0, Math.round(ms / 1000)), 'second');
  }
  if (ms < HOUR) {
    const seconds = Math.floor((ms % MINUTE) / 1000);
    const minutes = unit(Math.floor(ms / MINUTE), 'minute');
    return seconds === 0 ? minutes : `${minutes} ${unit(seconds, 'second')}`;
  }
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const hours = unit(Math.floor(ms / HOUR), 'hour');
  return minutes === 0 ? hours : `${hours} ${unit(minutes, 'minute')}`;
}

/** How long ago, roughly: nobody reads seconds in a list. */
export function ago(at: number, language: Language, now: number = Date.now()): string {
  const format = once(`a${language}`, () => new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'auto' }));
  const minutes = Math.round((now - at) / MINUTE);
  if (minutes < 60) {
    return minutes < 1 ? format.format(0, 'second') : format.format(-minutes, 'minute');
  }
  const hours = Math.round(minutes / 60);
  return hours < 24 ? format.format(-hours, 'hour') : format.format(-Math.round(hours / 24), 'day');
}
