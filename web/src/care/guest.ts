/**
 * A customer who came by a link: the session it opens, and what stands in the way.
 *
 * Plain TypeScript; the customer's page, the framed page and the widget all show what it holds.
 */
import { Client } from '../api/client';
import { Problem, Unreachable } from '../api/problems';
import type { View } from '../api/types';
import { waitMs } from '../session/backoff';
import { Keep, shelves, type Shelf } from '../session/keep';
import { newKey } from '../session/keys';
import { sleep } from '../session/live';
import { Walk, type WalkState } from '../session/walk';
import { standIn, type Given } from './link';

/** Why a link opens nothing: it is cut, nobody knows it, it is over, it belongs to another page. */
export type Barrier = 'cut' | 'unknown' | 'expired' | 'elsewhere' | 'refused';

export interface GuestState {
  /** The session, once it is open. */
  walk: WalkState | null;
  barrier: Barrier | null;
  /** What the service said of it, in the reader's language. */
  said: string;
  /** Whether the service cannot be reached; it is tried again by itself. */
  isAway: boolean;
  language: string;
}

export interface GuestOptions {
  given: Given;
  /** The language asked for by the page; a link's own comes first, an address's before both. */
  language: string;
  /** Where the service is, when the page is another's. */
  base?: string;
  channel?: string;
  fetch?: typeof fetch;
  shelves?: { lasting: Shelf; tab: Shelf };
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What a customer says once it is over: in per cent, from 1 to 5, and the losses that were felt. */
export interface Opinion {
  useful?: number;
  satisfaction?: number;
  felt: string[];
}

interface Link {
  journey: string | null;
  session: string | null;
  language: string | null;
}

/** What a token may be written with, were it known or not. */
const WRITTEN = /^[\x21-\x7e]+$/;

/** How often what is under way is looked at, at first and at most. */
const LOOK_MS = 1_500;
const LOOK_MOST_MS = 10_000;

export class Guest {
  walk: Walk | null = null;
  readonly #options: GuestOptions;
  readonly #listeners = new Set<(state: GuestState) => void>();
  readonly #closing = new AbortController();
  #waking = new AbortController();
  #isLooking = false;
  #state: GuestState;
  #client: Client | null = null;
  #keep: Keep | null = null;

  constructor(options: GuestOptions) {
    this.#options = options;
    const language = options.given.language ?? options.language;
    this.#state = { walk: null, barrier: null, said: '', isAway: false, language };
  }

  get state(): GuestState {
    return this.#state;
  }

  subscribe(listener: (state: GuestState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  /** Open what the link opens. Tried again until somebody answers. */
  async open(): Promise<void> {
    const { given } = this.#options;
    if (given.token === null && given.journey === null && given.session === null) {
      this.#set({ barrier: 'cut' });
      return;
    }
    if (given.token !== null && !WRITTEN.test(given.token)) {
      // It could not even be sent: that is no lost connection.
      this.#set({ barrier: 'unknown' });
      return;
    }
    this.#set({ barrier: null, said: '' });
    for (let attempt = 0; !this.#closing.signal.aborted; attempt += 1) {
      try {
        await this.#opened();
        this.#set({ isAway: false });
        return;
      } catch (error) {
        if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
        if (error instanceof Problem && !error.isPassing) {
          this.#set({ isAway: false, barrier: barrierOf(error), said: error.detail || error.title });
          return;
        }
        this.#set({ isAway: true });
        const asked = error instanceof Problem ? error.retryAfterMs : null;
        await this.#pause(waitMs(attempt, asked));
      }
    }
  }

  /** Try again at once: the network is back, or somebody asks for it. */
  wake(): void {
    this.#waking.abort();
    this.#waking = new AbortController();
    this.walk?.wake();
    if (this.#state.barrier !== null) void this.open();
  }

  /** Show another language; the session is read again in it. */
  speak(language: string): void {
    if (language === this.#state.language) return;
    this.#set({ language });
    void this.walk?.look();
  }

  /** Whether an opinion was given already, from this browser. */
  get hasSaid(): boolean {
    return this.#keep?.read<boolean>('opinion') === true;
  }

  /** Say what was thought of it; return whether it was kept. Sent again, it is the same opinion. */
  async opine(said: Opinion): Promise<boolean> {
    const client = this.#client;
    const session = this.#state.walk?.view?.session;
    if (client === null || session === undefined) return false;
    try {
      await client.ask(`/v1/sessions/${session}/opinion`, { method: 'POST', key: newKey(), body: said });
    } catch (error) {
      if (error instanceof Problem || error instanceof Unreachable) return false;
      throw error;
    }
    this.#keep?.write('opinion', true);
    return true;
  }

  close(): void {
    this.#closing.abort();
    this.#waking.abort();
    this.walk?.close();
  }

  async #opened(): Promise<void> {
    const { given, base, channel } = this.#options;
    const client = new Client({
      language: () => this.#state.language,
      ...(given.token === null ? {} : { bearer: given.token }),
      ...(base === undefined ? {} : { origin: base.replace(/\/$/, '') }),
      ...(this.#options.fetch === undefined ? {} : { fetch: this.#options.fetch }),
    });
    const link: Link = given.token === null ? { ...given } : await client.get<Link>('/v1/link');
    const language = given.language ?? link.language;
    if (language !== null) this.#set({ language });
    const whose = await standIn(given.token ?? given.session ?? given.journey ?? '');
    const { lasting, tab } = this.#options.shelves ?? shelves();
    const keep = new Keep(`guest-${whose}`, lasting, tab);
    let session = link.session ?? given.session ?? keep.read<string>('session');
    let view: View | null = null;
    if (session === null) {
      // A link says by itself whose it is.
      ({ session, view } = await begin(client, keep, {
        journey: link.journey ?? given.journey ?? '',
        channel: channel ?? 'web',
        language: this.#state.language,
        ...(given.token === null ? { audience: 'customer' } : {}),
      }));
    }
    this.#walk(client, session, keep);
    await this.walk?.open(view);
  }

  #walk(client: Client, session: string, keep: Keep): void {
    this.#client = client;
    this.#keep = keep;
    const walk = new Walk({
      session,
      client,
      keep,
      actor: 'customer',
      language: () => this.#state.language,
      // The event stream is for staff; what is under way is looked at now and then.
      isLive: false,
      ...(this.#options.pause === undefined ? {} : { pause: this.#options.pause }),
    });
    this.walk = walk;
    walk.drafts.sweep();
    walk.subscribe((state) => {
      if (state.view === null && state.fault === null && !state.isSignedOut) {
        this.#set({ isAway: state.link === 'waiting' });
        return;
      }
      const barrier = state.isSignedOut ? 'expired' : state.view === null ? barrierOf(state.fault) : null;
      const said = state.view === null ? (state.fault?.detail ?? '') : '';
      this.#set({ walk: state, barrier, said, isAway: state.link === 'waiting' });
      if (isUnderWay(state.view)) void this.#look();
    });
  }

  /** Look, at growing intervals, until it is the customer's turn again. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    for (let ms = LOOK_MS; !this.#closing.signal.aborted; ms = Math.min(ms * 1.3, LOOK_MOST_MS)) {
      await this.#pause(ms);
      if (this.#closing.signal.aborted || !isUnderWay(this.#state.walk?.view ?? null)) break;
      await this.walk?.look();
      if (!isUnderWay(this.#state.walk?.view ?? null)) break;
    }
    this.#isLooking = false;
  }

  #pause(ms: number): Promise<void> {
    const signal = AbortSignal.any([this.#closing.signal, this.#waking.signal]);
    return (this.#options.pause ?? sleep)(ms, signal);
  }

  #set(change: Partial<GuestState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}

/** Begin the session once: what was sent and not answered is sent again as it was, with its key. */
async function begin(client: Client, keep: Keep, wanted: object): Promise<{ session: string; view: View }> {
  const kept = keep.read<{ key: string; body: object }>('begin') ?? { key: newKey(), body: wanted };
  keep.write('begin', kept);
  const { body } = await client.ask<{ session: string; view: View }>('/v1/sessions', {
    method: 'POST',
    key: kept.key,
    body: kept.body,
  });
  keep.write('session', body.session);
  keep.remove('begin');
  return body;
}

/** Whether others are at work: an action, somebody who takes over, a date to come. */
export const isUnderWay = (view: View | null): boolean =>
  view !== null && (view.status === 'pending' || view.status === 'waiting' || view.transfer !== null);

function barrierOf(problem: Problem | null): Barrier {
  if (problem === null) return 'refused';
  if (problem.code === 'link.expired') return 'expired';
  if (problem.status === 401 || problem.status === 404) return 'unknown';
  return problem.status === 403 ? 'elsewhere' : 'refused';
}
