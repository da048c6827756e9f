/** What becomes of an answer when somebody else moved the session meanwhile. */
import type { Command, Field, Values, View } from '../api/types';
import { type Drafts, placeOf } from './drafts';
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

/** What is typed and not sent at other places than the one a correction is made at. */
export function typedElsewhere(drafts: Drafts, visit: number): { values: Values; fields: Field[] } {
  const places = drafts.places().filter((place) => place !== `${visit}:back`);
  const values = Object.assign({}, ...places.map((place) => drafts.read(place))) as Values;
  return { values, fields: places.flatMap((place) => drafts.fields(place)) };
}

/**
 * After a correction: what was typed at steps it undid goes with its questions where they are asked now.
 *
 * What is asked no more is given, to be told of: nothing typed goes without a word.
 */
export function carried(view: View, drafts: Drafts, corrected: string | null): Moved | null {
  const place = placeOf(view);
  const lost: { values: Values; fields: Field[] } = { values: {}, fields: [] };
  for (const other of drafts.places()) {
    if (other === corrected || other === place || isLive(view, Number.parseInt(other, 10))) continue;
    const [values, fields] = [drafts.read(other), drafts.fields(other)];
    for (const [name, value] of Object.entries(values)) {
      const asked = view.fields.find((field) => field.name === name);
      if (asked !== undefined && place !== null) {
        drafts.set(place, name, value, asked.sensitive, asked);
      } else {
        lost.values[name] = value;
        lost.fields.push(...fields.filter((field) => field.name === name));
      }
    }
    drafts.forget(other);
  }
  return Object.keys(lost.values).length === 0 ? null : { ...movedTo(view, null, lost.values, lost.fields, null), by: 'own' };
}

function isLive(view: View, visit: number): boolean {
  const line = view.history.find((one) => one.visit === visit);
  return line === undefined ? view.history_left_out > 0 : !line.undone;
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
