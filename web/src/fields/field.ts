/** A question as the service shows it, and what a control makes of what is typed. */

import type { Field as Asked, Form, Json, Known, Option as Offered } from '../api/types';

export type { Form, Json, Known };
export type Parts = { [part: string]: Json };
export type Option = Pick<Offered, 'id' | 'label'> & Partial<Offered>;

/** Of what the service says of a question, what a control cannot do without; the rest serves when it is there. */
export type Field = Pick<Asked, 'name' | 'type' | 'label'> & Partial<Omit<Asked, 'options'>> & { options?: Option[] };

/** Why something cannot be taken: a code of `words.ts`, and what it speaks of. */
export interface Trouble {
  code: string;
  limit?: string;
}

/**
 * What was typed, understood: its JSON form, and what is wrong with it, if anything.
 *
 * Without a `value` it was not understood at all. The service has the last word on both.
 */
export interface Reading {
  value?: Json;
  trouble?: Trouble;
}

export const misread = (code: string, limit?: string): Reading => ({
  trouble: limit === undefined ? { code } : { code, limit },
});

export const isRecord = (value: unknown): value is Parts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The language whose habits are followed: French for `fr` and `fr-CA`, else English. */
export const isFrench = (language: string): boolean => /^fr(-|$)/i.test(language);

/** Whether two values are the same in their JSON form, whatever the order of their parts. */
export function same(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => same(item, other[at]));
  }
  if (isRecord(one) && isRecord(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => key in other && same(one[key], other[key]))
    );
  }
  return false;
}
