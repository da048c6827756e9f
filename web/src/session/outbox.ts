/** Commands on their way: kept until the service answered, each with the key it was made with. */
import type { Command, Field, Values } from '../api/types';
import type { Keep } from './keep';
import { newKey } from './keys';

/** One intention. Sent as often as it takes, always with the same key. */
export interface Entry {
  key: string;
  command: Command;
  /** The version it answers to; null for those that need none. */
  version: number | null;
  /** Where it was meant: a visit, looked back at or not. */
  place: string | null;
  at: number;
  /** Whether what it holds may stay in this tab only. */
  sensitive: boolean;
  /** The questions it answers, so that one can still read it once they are asked no more. */
  fields?: Field[];
}

/** These say something beside the walk, and hold whatever it did meanwhile. */
const BESIDE: ReadonlySet<string> = new Set([
  'hold', 'unhold', 'mark', 'consult', 'promise', 'move_promise', 'follow_promise', 'note', 'flag',
]);

export function isBeside(command: Command): boolean {
  return BESIDE.has(command.type);
}

export function valuesOf(command: Command): Values {
  return typeof command['values'] === 'object' && command['values'] !== null ? (command['values'] as Values) : {};
}

export class Outbox {
  #entries: Entry[];

  constructor(
    readonly keep: Keep,
    readonly session: string,
  ) {
    this.#entries = queued(keep, session);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get first(): Entry | undefined {
    return this.#entries[0];
  }

  /** Whether something that moves the walk is on its way: nothing else may, until it is answered. */
  get isMoving(): boolean {
    return this.#entries.some((entry) => entry.version !== null);
  }

  add(command: Command, meant: { version: number; place: string | null; sensitive: boolean; at: number; fields: Field[] }): Entry {
    const entry: Entry = {
      key: newKey(),
      command,
      version: isBeside(command) ? null : meant.version,
      place: meant.place,
      at: meant.at,
      sensitive: meant.sensitive,
      fields: meant.fields,
    };
    this.#entries = [...this.#entries, entry];
    this.#keep(entry);
    return entry;
  }

  remove(key: string): void {
    this.#entries = this.#entries.filter((entry) => entry.key !== key);
    this.keep.remove(nameOf(this.session, key));
  }

  /** Let those meant for this place answer to its new version: nothing they depend on has moved. */
  rebase(place: string | null, version: number): void {
    this.#entries = this.#entries.map((entry) => {
      if (entry.version === null || entry.place !== place) return entry;
      const moved = { ...entry, version };
      this.#keep(moved);
      return moved;
    });
  }

  /** Keep what changed, each under a name of its own: two pages of one browser never write over each other. */
  #keep(entry: Entry): void {
    this.keep.write(nameOf(this.session, entry.key), entry, entry.sensitive);
  }
}

/** What any page of this browser keeps for a session until it is answered, oldest first. */
export function queued(keep: Keep, session: string): Entry[] {
  return keep
    .names(nameOf(session, ''))
    .flatMap((name) => keep.read<Entry>(name) ?? [])
    .sort((one, other) => one.at - other.at);
}

const nameOf = (session: string, key: string): string => `queue:${session}:${key}`;
