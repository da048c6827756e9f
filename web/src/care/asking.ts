/** One question at a time: where one is among a step's questions, and what is typed so far. */
import type { Command, Field, Json, Values, View } from '../api/types';
import { same } from '../fields/field';
import type { Look } from '../fields/lines';
import { troubleOf } from '../fields/shape';
import { says } from '../fields/words';
import { placeOf } from '../session/drafts';

/** What a customer sees: a question, words to read, work under way, a person, a date, the end. */
export type Screen = 'ask' | 'read' | 'work' | 'person' | 'later' | 'paused' | 'over';

export function screenOf(view: View): Screen {
  const may = (command: string): boolean => view.commands.includes(command);
  if (view.status === 'ended' || view.status === 'failed') return 'over';
  if (view.status === 'paused') return 'paused';
  if (view.transfer !== null) return 'person';
  if (view.status === 'waiting') return 'later';
  if (view.status === 'pending') return 'work';
  if (view.fields.length > 0 && may('answer')) return 'ask';
  return may('acknowledge') ? 'read' : 'person';
}

/** What is said on a screen: nothing of a step that is in other hands, or put down. */
export const saidOn = (view: View): string[] =>
  screenOf(view) === 'person' || screenOf(view) === 'paused'
    ? []
    : view.say.map((one) => one.text ?? one.goal ?? '').filter((text) => text !== '');

/** Where one is: the questions of the step as they are answered, one after the other. */
export interface Asking {
  place: string | null;
  at: number;
  values: Values;
  /** By question, what is wrong with it. */
  errors: Record<string, string>;
  /** What was held back once, so that the service judges it the next time. */
  held: Json | undefined;
}

export const NOWHERE: Asking = { place: null, at: 0, values: {}, errors: {}, held: undefined };

export const fieldsOf = (view: View): Field[] => view.fields;

/** What to press when a question does not suit: its options, or what is to be typed. */
export const noneOf = (view: View): 'none' | 'cannot' => (fieldsOf(view).some((one) => one.options.length > 0) ? 'none' : 'cannot');

/** Begin a step; at the same step, go on where one is. */
export function arrive(asking: Asking, view: View, typed: Values): Asking {
  const place = placeOf(view);
  if (place === asking.place) return asking;
  return { ...NOWHERE, place, values: typed };
}

export function typedAt(asking: Asking, name: string, value: Json | undefined): Asking {
  const values = { ...asking.values };
  if (value === undefined) delete values[name];
  else values[name] = value;
  const errors = { ...asking.errors };
  delete errors[name];
  return { ...asking, values, errors };
}

/**
 * Go on from a question: to the next one, or with all answers to the service.
 *
 * What is missing is asked for. What looks wrong is told once; said again, the service judges it.
 */
export function goOn(asking: Asking, view: View, look: Look): { asking: Asking; command: Command | null } {
  const fields = fieldsOf(view);
  const field = fields[asking.at];
  if (field === undefined) return { asking, command: null };
  const value = asking.values[field.name];
  const trouble = troubleOf(field, value, look);
  const isMissing = trouble?.code === 'answer.missing';
  if (trouble !== undefined && (isMissing || !same(value, asking.held))) {
    const errors = { ...asking.errors, [field.name]: says(trouble, look.language) };
    return { asking: { ...asking, errors, held: value }, command: null };
  }
  if (asking.at < fields.length - 1) {
    return { asking: { ...asking, at: asking.at + 1, held: undefined }, command: null };
  }
  const command: Command = { type: 'answer', values: { ...asking.values } };
  if (view.step !== null && view.focus === null) command['step'] = view.step.id;
  return { asking, command };
}

/** Go back: to the question before, or to the step before; null where there is none. */
export function goBack(asking: Asking, view: View): { asking: Asking; command: Command | null } | null {
  if (asking.at > 0 && screenOf(view) === 'ask') {
    return { asking: { ...asking, at: asking.at - 1, held: undefined }, command: null };
  }
  if (!view.commands.includes('back')) return null;
  return { asking, command: { type: 'back' } };
}

/** Show what the service found wrong: at the first question it concerns. */
export function refuse(
  asking: Asking,
  view: View,
  errors: Readonly<Record<string, { message: string }>>,
): Asking {
  const at = fieldsOf(view).findIndex((field) => field.name in errors);
  const told = Object.fromEntries(Object.entries(errors).map(([name, { message }]) => [name, message]));
  return { ...asking, at: at === -1 ? asking.at : at, errors: told };
}
