/** What a summary written by hand may lag behind: what comes next, promises and notes that changed since. */
import type { View } from '../api/types';
import { type Language } from '../texts/format';
import { separator } from '../texts/spacing';
import { type Key, translate } from '../texts/translate';
import type { Around } from './around.svelte';
import { next, promised } from './wrapup';

export interface Facts {
  language: Language;
  next: string;
  /** Whether somebody wrote what comes next; the walk's own changes with the reader's language. */
  isOwn: boolean;
  promises: string[];
  notes: string[];
}

export function factsOf(view: View, around: Around | null, language: Language, own: string | null): Facts {
  return {
    language,
    next: own ?? next(view, around, language),
    isOwn: own !== null,
    promises: promised(around, language),
    notes: (around?.notes ?? []).map((note) => note.text),
  };
}

/** What is not in a text and was not so when it was written: an own wording of what was known then stays. */
export function missing(text: string, now: Facts, before: Facts | null): Partial<Pick<Facts, 'next' | 'promises' | 'notes'>> {
  const isNew = (one: string, known: readonly string[] | undefined): boolean => !known?.includes(one) && !text.includes(one);
  const sameTongue = before === null || before.language === now.language;
  const promises = sameTongue ? now.promises.filter((one) => isNew(one, before?.promises)) : [];
  const notes = now.notes.filter((one) => isNew(one, before?.notes));
  const hasNext = (sameTongue || now.isOwn) && now.next !== '' && isNew(now.next, before === null ? undefined : [before.next]);
  return {
    ...(promises.length > 0 ? { promises } : {}),
    ...(hasNext ? { next: now.next } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** The text with what it lacks: in the place of its earlier line where that was left as it was, else on a line of its own. */
export function broughtUp(text: string, now: Facts, before: Facts | null): string {
  const lacks = missing(text, now, before);
  const start = (label: Key): string => `${translate(now.language, label)}${now.language === 'fr' ? ' : ' : ': '}`;
  const lines = text.split('\n');
  const put = (label: Key, added: string | undefined, earlier: string, isListed: boolean, comma: string): void => {
    if (added === undefined) return;
    const at = lines.indexOf(`${start(label)}${earlier}`);
    const line = isListed && earlier !== '' ? `${earlier}${comma}${added}` : added;
    if (at === -1) lines.push(`${start(label)}${added}`);
    else lines[at] = `${start(label)}${line}`;
  };
  const between = separator(now.language);
  put('wrap.promises', lacks.promises?.join(between), (before?.promises ?? []).join(between), true, between);
  put('wrap.next', lacks.next, before?.next ?? '', false, '');
  put('wrap.notes', lacks.notes?.join(' / '), (before?.notes ?? []).join(' / '), true, ' / ');
  return lines.join('\n');
}
