/** What becomes of an answer when somebody else moved the session meanwhile. */
import type { Command, Field, Values, View } from '../api/types';
import { valuesOf } from './outbox';
import type { Moved } from './shown';

/** What was typed at a step that is no longer shown, and how it may still be sent. */
export function movedTo(view: View, from: string | null, values: Values, fields: readonly Field[], lastBy: string | null): Moved {
  const names = Object.keys(values);
  const fits = names.length > 0 && names.every((name) => view.fields.some((field) => field.name === name));
  const may = (type: string): boolean => names.length > 0 && view.commands.includes(type);
  return {
    by: lastBy ?? lastActor(view),
    from,
    values,
    fields: fields.filter((field) => names.includes(field.name)),
    way: fits && may('answer') ? 'answer' : may('provide') ? 'provide' : null,
  };
}

/** The questions of a view that a command answers. */
export function answered(view: View, command: Command): Field[] {
  const values = valuesOf(command);
  return view.fields.filter((field) => field.name in values);
}

function lastActor(view: View): string | null {
  const line = [...view.history].reverse().find((one) => one.by !== null);
  return line?.by ?? null;
}
