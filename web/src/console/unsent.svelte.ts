/** Words that the service has not got yet: sent as soon as any page of the console reaches it again. */
import { Drafts } from '../session/drafts';
import type { Entry } from '../session/outbox';
import { queued, valuesOf } from '../session/outbox';
import { readTold } from '../session/told';
import { type Tab, app } from './app.svelte';
import { PLACE, Words } from './words.svelte';

/** Something that waits: an answer, a note, a wrap-up. */
export interface Left {
  session: string;
  title: string;
  what: 'answer' | 'note' | 'wrap-up' | 'command';
  /** Its words, as far as they may be shown beside others. */
  text: string;
  /** `waiting`: it is sent by itself; `met`: somebody else was there first; `refused`: the service does not take it. */
  state: 'waiting' | 'met' | 'refused';
  key: string;
}

/** What is younger is on its way, and no news. */
const YOUNG_MS = 1_500;
const LOOK_EVERY_MS = 3_000;

export class Unsent {
  list = $state.raw<Left[]>([]);
  readonly #words = new Map<string, Words>();
  /** Sessions that this page sends for while it shows another one. */
  readonly #held = new Map<string, () => void>();
  #shown: string | null = null;

  /** Look now, again and again, and when the network or the reader comes back. */
  begin(): () => void {
    const look = (): void => void this.look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    const back = (): void => {
      for (const words of this.#words.values()) void words.again();
      look();
    };
    addEventListener('online', back);
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      clearInterval(timer);
      removeEventListener('online', back);
      document.removeEventListener('visibilitychange', look);
    };
  }

  /** The wrap-up of a session that is being shown: its own, whoever sends it. */
  show(session: string): Words {
    this.#shown = session;
    const known = this.#words.get(session);
    if (known !== undefined) return known;
    const words = new Words(app.client, new Drafts(app.keep, session));
    this.#words.set(session, words);
    // Other pages of this browser leave it to the one where it is written.
    void this.#hold(session);
    return words;
  }

  /** It is shown no more: what was typed in it goes on being sent. */
  async leave(session: string): Promise<void> {
    if (this.#shown === session) this.#shown = null;
    await this.#words.get(session)?.save();
    await this.look();
  }

  /** Find what waits, have it sent, and say so. */
  async look(): Promise<void> {
    if (!app.me) {
      this.list = [];
      return;
    }
    const [queues, wraps, told] = [sessionsOf('queue:'), sessionsOf('draft:', PLACE), sessionsOf('told:')];
    for (const session of queues) {
      if (!app.isOpen(session) && (await this.#hold(session))) app.session(session);
    }
    for (const session of wraps) {
      if (!this.#words.has(session) && (await this.#hold(session))) void this.#send(session);
    }
    this.#tidy(new Set([...queues, ...told]), new Set(wraps));
    this.list = [...queues.flatMap(waiting), ...wraps.flatMap((one) => this.#wrap(one)), ...told.flatMap(stuck)];
  }

  /** Let go of what the service will not take. */
  drop(left: Left): void {
    const told = app.session(left.session);
    told.walk.dismissRefusal();
    void told.walk.reconcile('drop');
    void this.look();
  }

  async #send(session: string): Promise<void> {
    const words = new Words(app.client, new Drafts(app.keep, session));
    this.#words.set(session, words);
    await words.load();
    await this.look();
  }

  /** Close what has nothing left to send and is not looked at. */
  #tidy(walks: ReadonlySet<string>, wraps: ReadonlySet<string>): void {
    for (const [session, words] of this.#words) {
      if (session !== this.#shown && !wraps.has(session)) {
        words.close();
        this.#words.delete(session);
      }
    }
    for (const [session, release] of this.#held) {
      if (!walks.has(session) && !this.#words.has(session)) {
        app.release(session);
        this.#held.delete(session);
        release();
      }
    }
  }

  #wrap(session: string): Left[] {
    const draft = new Drafts(app.keep, session).kept(PLACE);
    if (draft === null || Date.now() - draft.at < YOUNG_MS) return [];
    const words = this.#words.get(session);
    const text = [draft.values['summary'], draft.values['next']].filter((one) => typeof one === 'string').join(' / ');
    const state = words?.state === 'changed' ? 'met' : words?.state === 'refused' ? 'refused' : 'waiting';
    return [{ session, title: titleOf(session), what: 'wrap-up', text, state, key: `${session} wrap-up` }];
  }

  /** Send for a session only where no other page of this browser does. */
  async #hold(session: string): Promise<boolean> {
    if (this.#held.has(session)) return true;
    const release = await hold(session);
    if (release !== null) this.#held.set(session, release);
    return release !== null;
  }
}

/**
 * Be the one page of this browser that sends for a session, until released; null when another page is.
 *
 * A browser without locks sends from each page: keys and versions keep that from being done twice.
 */
export function hold(session: string): Promise<(() => void) | null> {
  if (navigator.locks === undefined) return Promise.resolve(() => undefined);
  return new Promise((resolve) => {
    void navigator.locks.request(`parcours:${session}`, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(null);
        return undefined;
      }
      return new Promise<void>((release) => resolve(release));
    });
  });
}

function sessionsOf(start: string, place?: string): string[] {
  const found = app.keep.names(start).map((name) => name.split(':'));
  const fitting = found.filter((parts) => place === undefined || parts[2] === place);
  return [...new Set(fitting.map((parts) => parts[1] ?? ''))];
}

function titleOf(session: string): string {
  const closed = app.keep.read<Tab[]>('closed') ?? [];
  const tab = [...app.tabs, ...closed].find((one) => one.session === session);
  return tab === undefined ? '' : [tab.customer, tab.title].filter(Boolean).join(' · ');
}

function waiting(session: string): Left[] {
  return queued(app.keep, session)
    .filter((one) => Date.now() - one.at >= YOUNG_MS)
    .map((one) => ({
      session, title: titleOf(session), what: kindOf(one.command.type), text: one.sensitive ? '' : wordsOf(one.command),
      state: 'waiting', key: one.key,
    }));
}

function stuck(session: string): Left[] {
  const { moved, refused } = readTold(app.keep, session);
  const title = titleOf(session);
  const found: Left[] = [];
  if (moved !== null) {
    const text = moved.fields.some((field) => field.sensitive) ? '' : Object.values(moved.values).map(plain).join(', ');
    found.push({ session, title, what: 'answer', text, state: 'met', key: `${session} moved` });
  }
  if (refused !== null) {
    const { command, problem, isSensitive } = refused;
    const text = [isSensitive ? '' : wordsOf(command), problem.detail || problem.title].filter(Boolean).join(' · ');
    found.push({ session, title, what: kindOf(command.type), text, state: 'refused', key: `${session} refused` });
  }
  return found;
}

function kindOf(type: string): Left['what'] {
  return type === 'note' ? 'note' : ['answer', 'amend', 'provide'].includes(type) ? 'answer' : 'command';
}

function wordsOf(command: Entry['command']): string {
  const said = ['text', 'reason', 'what', 'detail'].map((name) => command[name]).filter((one) => typeof one === 'string');
  return [...Object.values(valuesOf(command)).map(plain), ...said].join(', ');
}

function plain(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  return Object.values(value).map(plain).join(' ');
}

export const unsent = new Unsent();
