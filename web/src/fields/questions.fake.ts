/** A question on a page of its own, for tests: it keeps what is given and shows it again. */
import { render } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import FieldControl from './Field.svelte';
import type { FieldProps } from './Field.svelte';
import type { Field, Json } from './field';

// jsdom has no layout, and nothing to scroll.
Element.prototype.scrollIntoView = () => undefined;

export const user = userEvent.setup();
export const field = (type: string, more: Partial<Field> = {}): Field => ({
  name: 'q',
  type,
  label: 'Question',
  help: null,
  options: [],
  required: true,
  form: {},
  valid: {},
  ...more,
});
const options = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `o${at + 1}`, label: `Option ${at + 1}` }));

export interface Shown {
  given: (Json | undefined)[];
  component: { pick: (n: number) => boolean; focus: () => void };
  set: (props: Partial<FieldProps>) => Promise<void>;
}

/** A runner in small: it keeps what is given and shows it again. */
export function shown(question: Field, props: Partial<FieldProps> = {}): Shown {
  const given: (Json | undefined)[] = [];
  let value: Json | undefined = props.value;
  const { component, rerender } = render(FieldControl, {
    field: question,
    language: 'fr',
    idPrefix: 'f',
    today: '2026-10-01',
    now: Date.UTC(2026, 9, 1),
    ...props,
    value,
    onchange: (next: Json | undefined) => {
      given.push(next);
      value = next;
      void rerender({ value });
    },
  });
  return {
    given,
    component: component as unknown as Shown['component'],
    set: async (more) => {
      await rerender(more as never);
    },
  };
}

export const GROUP = field('group', {
  form: {
    fields: { article: { type: 'text', form: {} }, count: { type: 'number', form: { min: 1 } } },
    min: 1,
    max: 2,
  },
});
const KNOWN = { value: 'ana@example.org', source: 'CRM', at: Date.UTC(2026, 8, 28), mode: 'confirm', why: 'source' };
export const EVERY: Record<string, Field> = {
  choice: field('choice', { options: options(3), help: 'Une seule.' }),
  'long choice': field('choice', { options: options(40) }),
  multiple: field('multiple', { options: options(3) }),
  'long multiple': field('multiple', { options: options(40) }),
  'yes or no': field('yes_no'),
  text: field('text', { help: 'Comme sur la facture.' }),
  lines: field('text', { form: { multiline: true } }),
  number: field('number', { form: { unit: 'kg' } }),
  money: field('money', { form: { currency: 'EUR' } }),
  'money of any currency': field('money'),
  date: field('date'),
  period: field('period'),
  time: field('time'),
  phone: field('phone'),
  'e-mail': field('email', { known: KNOWN }),
  address: field('address', { form: { country: 'FR' } }),
  identifier: field('identifier', { form: { scheme: 'iban' } }),
  rating: field('rating', { form: { min: 1, max: 5, labels: { '1': 'Pas du tout', '5': 'Tout à fait' } } }),
  file: field('file', { form: { media_types: ['image/png'] } }),
  consent: field('consent', {
    form: { text: 'J’accepte que l’appel soit enregistré.' },
    valid: { properties: { text_hash: { const: 'abc' } } },
  }),
  group: GROUP,
  data: field('record', { form: { fields: {} } }),
  sensitive: field('text', { sensitive: true, known: { ...KNOWN, value: 'secret' } }),
};
