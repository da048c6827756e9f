/** An incident as its form holds it, and as it is posted. */
import type { Incident, IncidentContent } from '../api/types';

export interface Draft {
  title: string;
  area: string;
  motives: string;
  journeys: string[];
  channels: string[];
  /** One a line: `postcode = 69*, 38000`. */
  customers: string;
  fr: string;
  en: string;
  frShort: string;
  enShort: string;
  /** As a date control holds them; empty for none. */
  begins: string;
  ends: string;
  nextUpdate: string;
}

/** The channels whose messages are short: they get the variant. */
const SHORT = ['sms', 'ivr'] as const;

export const EMPTY: Draft = {
  title: '', area: '', motives: '', journeys: [], channels: [], customers: '', fr: '', en: '', frShort: '', enShort: '',
  begins: '', ends: '', nextUpdate: '',
};

/** What was written last of an incident, for the form. */
export function drafted(incident: Incident): Draft {
  const content: IncidentContent | null = incident.draft ?? incident.live;
  if (content === null) {
    return { ...EMPTY };
  }
  const { scope, texts } = content;
  return {
    title: content.title,
    area: scope.area ?? '',
    motives: (scope.motives ?? []).join(', '),
    journeys: [...(scope.journeys ?? [])],
    channels: [...(scope.channels ?? [])],
    customers: Object.entries(scope.customers ?? {}).map(([name, values]) => `${name} = ${values.join(', ')}`).join('\n'),
    fr: texts['fr']?.text ?? '',
    en: texts['en']?.text ?? '',
    frShort: texts['fr']?.channels?.['sms'] ?? '',
    enShort: texts['en']?.channels?.['sms'] ?? '',
    begins: local(content.begins),
    ends: local(content.ends),
    nextUpdate: local(content.next_update),
  };
}

/** What is posted of a form. A language without a text is not said. */
export function posted(draft: Draft): Record<string, unknown> {
  const texts: Record<string, unknown> = {};
  for (const [language, text, short] of [['fr', draft.fr, draft.frShort], ['en', draft.en, draft.enShort]] as const) {
    if (text.trim() !== '') {
      const variant = short.trim();
      texts[language] = {
        text: text.trim(),
        channels: variant === '' ? {} : Object.fromEntries(SHORT.map((channel) => [channel, variant])),
      };
    }
  }
  const begins = instant(draft.begins);
  return {
    title: draft.title.trim(),
    scope: {
      motives: listed(draft.motives),
      journeys: draft.journeys,
      channels: draft.channels,
      customers: attributes(draft.customers),
      ...(draft.area.trim() === '' ? {} : { area: draft.area.trim() }),
    },
    texts,
    ...(begins === null ? {} : { begins }),
    ends: instant(draft.ends),
    next_update: instant(draft.nextUpdate),
  };
}

function listed(text: string): string[] {
  return text.split(',').map((one) => one.trim()).filter((one) => one !== '');
}

function attributes(text: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const line of text.split('\n')) {
    const [name = '', values = ''] = line.split(/=(.*)/s);
    if (name.trim() !== '' && listed(values).length > 0) {
      found[name.trim()] = listed(values);
    }
  }
  return found;
}

function instant(value: string): number | null {
  const at = new Date(value).getTime();
  return value === '' || Number.isNaN(at) ? null : at;
}

/** A time as a date control of this place holds it. */
export function local(at: number | null | undefined): string {
  if (at === null || at === undefined) {
    return '';
  }
  const here = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return here.toISOString().slice(0, 16);
}
