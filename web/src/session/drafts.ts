/** What is being typed, kept at each keystroke, under the visit it was typed at. */
import type { Field, Json, Values, View } from '../api/types';
import type { Keep } from './keep';

export interface Draft {
  values: Record<string, Json>;
  at: number;
  /** The questions they answer, so that one can still read them once these are asked no more. */
  fields?: Record<string, Field>;
}

/** Drafts older than this are forgotten: the contact they belonged to is long over. */
const LIFE_MS = 7 * 24 * 3_600_000;

export class Drafts {
  constructor(
    readonly keep: Keep,
    readonly session: string,
    readonly now: () => number = Date.now,
  ) {}

  read(place: string): Values {
    return {
      ...this.keep.read<Draft>(this.#name(place, false))?.values,
      ...this.keep.read<Draft>(this.#name(place, true))?.values,
    };
  }

  /** What is kept at a place that holds nothing sensitive, and since when; null where nothing was typed. */
  kept(place: string): Draft | null {
    return this.keep.read<Draft>(this.#name(place, false));
  }

  /** Keep one value; `undefined` forgets it. */
  set(place: string, name: string, value: Json | undefined, sensitive = false, field?: Field): void {
    const key = this.#name(place, sensitive);
    const kept = this.keep.read<Draft>(key);
    const values = { ...kept?.values };
    const fields = field === undefined ? kept?.fields : { ...kept?.fields, [name]: field };
    if (value === undefined) {
      delete values[name];
    } else {
      values[name] = value;
    }
    if (Object.keys(values).length === 0) {
      this.keep.remove(key);
    } else {
      this.keep.write(key, { values, at: this.now(), ...(fields === undefined ? {} : { fields }) } satisfies Draft, sensitive);
    }
  }

  /** The visits at which something is typed and not sent. */
  places(): string[] {
    const start = `draft:${this.session}:`;
    const found = this.keep.names(start).map((name) => name.slice(start.length).replace(/:s$/, ''));
    return [...new Set(found)].filter((place) => /^\d+(?::back)?$/.test(place));
  }

  /** The questions that what is typed at a place answers, as far as they are known. */
  fields(place: string): Field[] {
    return [false, true].flatMap((sensitive) => Object.values(this.keep.read<Draft>(this.#name(place, sensitive))?.fields ?? {}));
  }

  forget(place: string): void {
    this.keep.remove(this.#name(place, false));
    this.keep.remove(this.#name(place, true));
  }

  /** Forget what is too old to mean anything. */
  sweep(): void {
    for (const name of this.keep.names('draft:')) {
      const draft = this.keep.read<Draft>(name);
      if (draft === null || this.now() - draft.at > LIFE_MS) {
        this.keep.remove(name);
      }
    }
  }

  #name(place: string, sensitive: boolean): string {
    return `draft:${this.session}:${place}${sensitive ? ':s' : ''}`;
  }
}

/** Where a view's answers are typed: its visit, and whether one looks back at it. */
export function placeOf(view: View): string | null {
  if (view.step === null) {
    return null;
  }
  return `${view.step.visit}${view.focus === null ? '' : ':back'}`;
}

/** What a question shows before anyone typed: the answer it had, else what was known or brought. */
export function initial(field: Field): Json | undefined {
  for (const value of [field.value, field.offered, field.suggested, field.known?.value, field.default]) {
    if (value !== null && value !== undefined) {
      return value as Json;
    }
  }
  return undefined;
}
