/** The wrap-up as text, in the reader's language: what a colleague or a helpdesk is told. */
import type { Axes, Code, View } from '../api/types';
import { type Language, dayAndTime, span } from '../texts/format';
import { separator } from '../texts/spacing';
import { type Key, translate } from '../texts/translate';
import type { Around } from './around.svelte';

export const AXES = ['declaration', 'qualification', 'action'] as const;

/** `following`: what is left to do, in the advisor's own words where they gave some. */
export function wrapUp(view: View, axes: Axes, around: Around | null, language: Language, following: string | null = null): string {
  const t = (key: Key, holes = {}): string => translate(language, key, holes);
  const lines: string[] = [];
  const colon = language === 'fr' ? ' : ' : ': ';
  const between = separator(language);
  const line = (label: Key, value: string): void => {
    if (value !== '') {
      lines.push(`${t(label)}${colon}${value}`);
    }
  };
  lines.push(`${view.journey.title}${view.outcome === null ? '' : ` · ${t(`outcome.${view.outcome}` as Key)}`}`);
  line('wrap.who', [around?.customer_name ?? '', ...(around?.customer?.keys ?? []).map((one) => one.value)].filter(Boolean).join(', '));
  line('wrap.words', around?.words ? (language === 'fr' ? `« ${around.words} »` : `“${around.words}”`) : '');
  for (const axis of AXES) {
    line(`wrap.${axis}`, axes[axis].map((code) => coded(code, language)).join(between) || t('wrap.not_reached'));
  }
  const told = [...(around?.learnt ?? [])].reverse().filter((one) => one.shown && !one.sensitive);
  line('wrap.answers', told.map((one) => `${one.label.replace(/\s*[?:]\s*$/u, '')}${colon}${one.shown}`).join(between));
  line('wrap.promises', promised(around, language).join(between));
  line('wrap.next', following ?? next(view, around, language));
  line('wrap.notes', (around?.notes ?? []).map((note) => note.text).join(' / '));
  return lines.join('\n');
}

export function coded(code: Code, language: Language): string {
  return `${code.label} (${code.code})${code.by_hand ? `, ${translate(language, 'wrap.by_hand')}` : ''}`;
}

export function promised(around: Around | null, language: Language): string[] {
  return (around?.promises ?? []).filter((one) => ['open', 'soon', 'overdue'].includes(one.state)).map((one) =>
    one.due && one.begins
      ? `${one.what}, ${span(one.begins, one.due, language)}`
      : one.due ? `${one.what}, ${translate(language, 'wrap.due', { when: dayAndTime(one.due, language) })}` : one.what,
  );
}

/** What is left to do: nothing when it was resolved and nothing was promised. */
export function next(view: View, around: Around | null, language: Language): string {
  const promises = promised(around, language);
  if (promises.length > 0) {
    return promises.join(separator(language));
  }
  return view.outcome === 'resolved' || view.outcome === 'refused'
    ? translate(language, 'wrap.next.nothing')
    : translate(language, `outcome.${view.outcome ?? 'unresolved'}` as Key);
}
