/** A question as the service shows it, and what a control makes of what is typed. */

export type Json = null | boolean | number | string | Json[] | { [part: string]: Json };
export type Parts = { [part: string]: Json };

export interface Option {
  id: string;
  label: string;
  short?: string | null;
}

export interface Known {
  value: Json;
  source: string | null;
  at: number | null;
  mode: string;
}

/** What a control needs to know beside the schema: the type's settings, worded for who looks. */
export interface Form {
  min?: number | string;
  max?: number | string;
  min_length?: number;
  max_length?: number;
  pattern?: string;
  multiline?: boolean;
  integer?: boolean;
  decimals?: number;
  unit?: string;
  currency?: string;
  country?: string;
  scheme?: string;
  required_parts?: string[];
  labels?: Record<string, string>;
  media_types?: string[];
  max_bytes?: number;
  text?: string;
  fields?: Record<string, { type: string; form: Form }>;
  optional?: string[];
}

export interface Field {
  name: string;
  type: string;
  label: string | null;
  help?: string | null;
  options?: Option[];
  required?: boolean;
  skippable?: boolean;
  sensitive?: boolean;
  known?: Known | null;
  offered?: Json;
  suggested?: Json;
  value?: Json;
  default?: Json;
  valid?: Parts;
  form?: Form;
}

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
