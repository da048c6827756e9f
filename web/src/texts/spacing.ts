/** How a language sets its punctuation. */
import type { Language } from './format';

/** French keeps its high punctuation apart, by a space at which no line breaks. */
export function spaced(text: string): string {
  return text.replace(/ (?=[?!;:»])/g, '\u00a0').replace(/« /g, '«\u00a0');
}

/** What stands between two things that are listed: French sets a space before its semicolon. */
export const separator = (language: Language): string => (language === 'fr' ? ' ; ' : '; ');

/** A name and what it is: `Commande : F-1042`, `Order: F-1042`. */
export function pair(name: string, value: string, language: Language): string {
  return language === 'fr' ? `${name}\u00a0: ${value}` : `${name}: ${value}`;
}
