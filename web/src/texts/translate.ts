/** Texts by key, with their holes filled and their plural chosen. */
import { en } from './en';
import type { Language } from './format';
import { fr } from './fr';
import { spaced } from './spacing';

export type Key = keyof typeof fr;
export type Holes = Record<string, string | number>;

const FRENCH = Object.fromEntries(Object.entries(fr).map(([key, text]) => [key, spaced(text)])) as Record<Key, string>;
const TEXTS: Record<Language, Record<Key, string>> = { fr: FRENCH, en };
const RULES: Record<Language, Intl.PluralRules> = {
  fr: new Intl.PluralRules('fr'),
  en: new Intl.PluralRules('en'),
};

/** `{n, one|other}`: the words that go with a number; each may hold holes of its own. */
const PLURAL = /\{(\w+), ((?:[^|{}]|\{\w+\})*)\|((?:[^{}]|\{\w+\})*)\}/g;
const HOLE = /\{(\w+)\}/g;

export function translate(language: Language, key: Key, holes: Holes = {}): string {
  // A word of the service that has none here yet is shown as it is: a missing word stops nothing.
  return (TEXTS[language][key] ?? key)
    .replace(PLURAL, (_, name: string, one: string, other: string) =>
      RULES[language].select(Number(holes[name] ?? 0)) === 'one' ? one : other,
    )
    .replace(HOLE, (whole, name: string) => String(holes[name] ?? whole));
}

export function isLanguage(value: unknown): value is Language {
  return value === 'fr' || value === 'en';
}

/** The language this deployment tells its pages, by a cookie of the page itself; null where it tells none. */
export function deployed(cookies: string): Language | null {
  const told = /(?:^|;\s*)parcours-language=(\w+)/.exec(cookies)?.[1];
  return isLanguage(told) ? told : null;
}

/** The language a browser asks for, ours if we have it. */
export function preferred(asked: readonly string[]): Language {
  for (const one of asked) {
    const language = one.slice(0, 2).toLowerCase();
    if (isLanguage(language)) {
      return language;
    }
  }
  return 'en';
}
