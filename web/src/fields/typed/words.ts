/** Free words, kept as they were typed. */
import { misread, type Form, type Reading } from '../field';

/** A pattern that takes no time to try: no groups, two repetitions without an end at most. */
const isQuick = (pattern: string): boolean =>
  !/[()|]/.test(pattern) && (pattern.match(/[*+]|\{\d+,\}/g) ?? []).length <= 2;

/** Whether a text has an authored form; what cannot be told quickly is left to the service. */
export function hasForm(text: string, pattern: string): boolean {
  if (!isQuick(pattern)) return true;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text);
  } catch {
    return true;
  }
}

/** Characters a text may have where its author set no other limit: those of the service. */
const LONGEST = 65_536;
/** From so near its limit, one is told how many characters are left. */
const NEAR = 0.8;

/** How many characters are left of a text, as the service counts them; null while it is far from its limit. */
export function leftOf(text: string, form: Form): number | null {
  const most = form.max_length ?? LONGEST;
  const length = [...text].length;
  return length > most * NEAR ? most - length : null;
}

export function readWords(text: string, form: Form): Reading {
  const value = text;
  const length = [...text].length;
  if (length < (form.min_length ?? 1)) {
    return { ...misread('answer.too-short', String(form.min_length)), value };
  }
  if (length > (form.max_length ?? LONGEST)) {
    return { ...misread('answer.too-long', String(form.max_length ?? LONGEST)), value };
  }
  if (!form.multiline && /[\r\n]/.test(text)) return { ...misread('answer.several-lines'), value };
  if (form.pattern !== undefined && !hasForm(text, form.pattern)) {
    return { ...misread('answer.bad-form', form.shape ?? '…'), value };
  }
  return { value };
}
