/**
 * One session as a page holds it: what it shows, what is on its way, what others did meanwhile.
 *
 * Nothing typed is lost: drafts at each keystroke, commands until they are answered. Nothing is done
 * twice: an intention keeps its key through every retry, refresh and sign-in.
 */
import type { Client } from '../api/client';
import { Problem, Unreachable } from '../api/problems';
import type { Command, Field, Foreseen, Json, Values, View } from '../api/types';
import { waitMs } from './backoff';
import { Drafts, initial, placeOf } from './drafts';
import type { Keep } from './keep';
import { type News, follow, sleep } from './live';
import { answered, carried, movedTo } from './moved';
import { type Entry, Outbox, valuesOf } from './outbox';
import { type Reference, sendFile } from './sending';
import type { Settled, WalkState } from './shown';
import { keepTold, readTold } from './told';

export type { Moved, Refused, Settled, WalkState } from './shown';

export interface WalkOptions {
  session: string;
  client: Client;
  keep: Keep;
  /** Who acts here, as events name them. */
  actor: string;
  language: () => string;
  now?: () => number;
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  chance?: () => number;
  /** Whether others' moves are followed; a page in the background does without. */
  isLive?: boolean;
}

/** Commands that say what was typed; any other, looking back among them, leaves it to be gone on with. */
const ANSWERING: readonly string[] = ['answer', 'amend'];

export class Walk {
  readonly session: string;
  readonly drafts: Drafts;
  readonly #options: WalkOptions;
  readonly #outbox: Outbox;
  readonly #listeners = new Set<(state: WalkState) => void>();
  readonly #settling = new Map<string, (how: Settled) => void>();
  #state: WalkState;
  #attempt = 0;
  #isPumping = false;
  #closing = new AbortController();
  #waking = new AbortController();
  #lookAfter = 0;
  #lastBy: string | null = null;
  #looking: Promise<void> | null = null;
  #watching: AbortController | null = null;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.session = options.session;
    this.drafts = new Drafts(options.keep, options.session, options.now ?? Date.now);
    this.#outbox = new Outbox(options.keep, options.session);
    this.#state = {
      view: null,
      fault: null,
      link: 'calm',
      retryAt: null,
      queue: this.#outbox.entries,
      ...readTold(options.keep, options.session),
      isSignedOut: false,
    };
  }

  get state(): WalkState {
    return this.#state;
  }

  subscribe(listener: (state: WalkState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  /** Show the session, send what an earlier page left on its way, and follow what others do. */
  async open(view: View | null = null): Promise<void> {
    if (view !== null) {
      this.#set({ view });
    } else {
      await this.look();
    }
    void this.#pump();
    if (this.#options.isLive ?? true) {
      this.watch(true);
    }
  }

  /** Follow what others do, or no longer: a browser opens few streams, so only the page in front has one. */
  watch(on: boolean): void {
    if (!on) {
      this.#watching?.abort();
      this.#watching = null;
    } else if (this.#watching === null && !this.#closing.signal.aborted && this.#state.view !== null) {
      this.#watching = new AbortController();
      void this.#follow(this.#state.view.version, AbortSignal.any([this.#closing.signal, this.#watching.signal]));
    }
  }

  /** Stop; what is on its way stays kept. */
  close(): void {
    this.#closing.abort();
    this.#waking.abort();
  }

  /** Read where the session stands now. Retried until somebody answers; who asks meanwhile waits for the same. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    for (let attempt = 0; !this.#closing.signal.aborted; attempt += 1) {
      try {
        const view = await this.#options.client.get<View>(`/v1/sessions/${this.session}`, {
          language: this.#options.language(),
        });
        this.#take(view);
        this.#set({ fault: null, link: this.#outbox.first === undefined ? 'calm' : this.#state.link });
        return;
      } catch (error) {
        if (!(await this.#mayTryAgain(error, attempt))) {
          return;
        }
      }
    }
  }

  /** Whether what moves the walk can be sent now: one at a time, for the step that is shown. */
  get canMove(): boolean {
    return this.#state.view !== null && !this.#outbox.isMoving;
  }

  /**
   * Bring a command. It is kept before it is sent, and until it is answered.
   *
   * Resolves once it is settled: done, refused, or overtaken by somebody else's move.
   */
  send(command: Command): Promise<Settled> {
    const { view } = this.#state;
    if (view === null) {
      return Promise.resolve('waiting');
    }
    const fields = answered(view, command);
    const entry = this.#outbox.add(command, {
      version: view.version,
      place: placeOf(view),
      fields,
      sensitive: fields.some((field) => field.sensitive),
      at: (this.#options.now ?? Date.now)(),
    });
    this.#set({ queue: this.#outbox.entries, refused: null });
    const settled = new Promise<Settled>((resolve) => this.#settling.set(entry.key, resolve));
    void this.#pump();
    return settled;
  }

  /** Show what an amend would change, without doing it. */
  async foresee(visit: number, values: Values, effects: Record<string, string>): Promise<Foreseen> {
    const { body } = await this.#options.client.ask<Foreseen>(
      `/v1/sessions/${this.session}/commands:preview`,
      { method: 'POST', body: { visit, values, effects } },
    );
    return body;
  }

  /** Send a file for a question that is asked now, and give what answers it. */
  upload(file: File, question: string): Promise<Reference> {
    return sendFile(this.#options.client, this.session, file, question);
  }

  /** Somebody is back: the network, or the reader after signing in. Sends at once what waits. */
  wake(): void {
    this.#attempt = 0;
    this.#set({ isSignedOut: false });
    this.#waking.abort();
    this.#waking = new AbortController();
    void this.#pump();
  }

  /** Keep what is typed, at each keystroke. */
  draft(field: Field, value: Json | undefined): void {
    const place = this.#state.view === null ? null : placeOf(this.#state.view);
    if (place !== null) {
      this.drafts.set(place, field.name, value, field.sensitive, field);
    }
  }

  /** What the fields of the step hold: what was typed, else what was answered, known or brought. */
  typed(view: View): Values {
    const place = placeOf(view);
    const drafts = place === null ? {} : this.drafts.read(place);
    const values: Values = {};
    for (const field of view.fields) {
      const value = field.name in drafts ? drafts[field.name] : initial(field);
      if (value !== undefined) {
        values[field.name] = value;
      }
    }
    return values;
  }

  /** After a colleague's move: send what was typed in the way that still makes sense, or let it go. */
  reconcile(choice: 'send' | 'drop'): Promise<Settled> {
    const { moved } = this.#state;
    this.#set({ moved: null });
    if (moved === null || choice === 'drop' || moved.way === null) {
      if (moved?.from != null) {
        this.drafts.forget(moved.from);
      }
      return Promise.resolve('done');
    }
    if (moved.from !== null) {
      this.drafts.forget(moved.from);
    }
    return this.send({ type: moved.way, values: moved.values });
  }

  dismissRefusal(): void {
    this.#set({ refused: null });
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) {
      return;
    }
    this.#isPumping = true;
    try {
      for (let entry = this.#outbox.first; entry !== undefined; entry = this.#outbox.first) {
        if (this.#closing.signal.aborted || this.#state.isSignedOut || !(await this.#deliver(entry))) {
          return;
        }
      }
      this.#set({ link: 'calm', retryAt: null });
    } finally {
      this.#isPumping = false;
      if (this.#lookAfter > (this.#state.view?.version ?? 0) && !this.#closing.signal.aborted) {
        this.#lookAfter = 0;
        void this.look();
      }
    }
  }

  /** Send one; false when it has to wait for something only the reader can do. */
  async #deliver(entry: Entry): Promise<boolean> {
    this.#set({ link: this.#attempt === 0 ? 'sending' : 'waiting' });
    try {
      const { body } = await this.#options.client.ask<View>(`/v1/sessions/${this.session}/commands`, {
        method: 'POST',
        body: entry.command,
        key: entry.key,
        query: { language: this.#options.language() },
        ...(entry.version === null ? {} : { version: entry.version }),
      });
      this.#attempt = 0;
      this.#outbox.remove(entry.key);
      if (entry.place !== null && ANSWERING.includes(entry.command.type)) {
        this.drafts.forget(entry.place);
      }
      const moved = entry.command.type === 'amend' ? carried(body, this.drafts, entry.place) : null;
      this.#take(body, true);
      if (moved !== null) this.#set({ moved });
      this.#settle(entry, 'done');
      return true;
    } catch (error) {
      if (error instanceof Problem && !error.isPassing && error.status !== 401) {
        this.#refuse(entry, error);
        return true;
      }
      const goesOn = await this.#mayTryAgain(error, this.#attempt);
      this.#attempt += 1;
      return goesOn;
    }
  }

  #refuse(entry: Entry, problem: Problem): void {
    const { view } = problem;
    if (problem.status === 412 && view !== null) {
      if (placeOf(view) === entry.place && entry.version !== view.version) {
        // The same question still stands: what happened beside it takes nothing from the answer.
        this.#outbox.rebase(entry.place, view.version);
        this.#take(view, true);
        return;
      }
      this.#outbox.remove(entry.key);
      const values = valuesOf(entry.command);
      const fields = entry.fields ?? this.#state.view?.fields ?? [];
      this.#take(view, true);
      this.#set({ moved: movedTo(view, entry.place, values, fields, this.#lastBy) });
      this.#settle(entry, 'moved');
      return;
    }
    this.#outbox.remove(entry.key);
    if (view !== null) {
      this.#take(view, true);
    }
    this.#set({ refused: { command: entry.command, problem, isSensitive: entry.sensitive } });
    this.#settle(entry, 'refused');
    if (problem.status === 412) {
      void this.look();
    }
  }

  #settle(entry: Entry, how: Settled): void {
    this.#set({
      queue: this.#outbox.entries,
      ...(this.#outbox.first === undefined ? { link: 'calm' as const, retryAt: null } : {}),
    });
    this.#settling.get(entry.key)?.(how);
    this.#settling.delete(entry.key);
  }

  /** Wait before another try; false when trying again is of no use. */
  async #mayTryAgain(error: unknown, attempt: number): Promise<boolean> {
    if (error instanceof Problem && error.status === 401) {
      this.#set({ isSignedOut: true, link: 'calm', retryAt: null });
      return false;
    }
    if (error instanceof Problem && !error.isPassing) {
      this.#set({ fault: error });
      return false;
    }
    if (!(error instanceof Unreachable || error instanceof Problem)) {
      throw error;
    }
    const asked = error instanceof Problem ? error.retryAfterMs : null;
    const ms = waitMs(attempt, asked, this.#options.chance);
    this.#set({ link: 'waiting', retryAt: (this.#options.now ?? Date.now)() + ms });
    const signal = AbortSignal.any([this.#closing.signal, this.#waking.signal]);
    await (this.#options.pause ?? sleep)(ms, signal);
    return !this.#closing.signal.aborted;
  }

  /** Show a newer view; when others moved on from where something was typed, say so. */
  #take(view: View, isOurs = false): void {
    const before = this.#state.view;
    if (before !== null && view.version < before.version) {
      return;
    }
    const place = before === null ? null : placeOf(before);
    if (!isOurs && before !== null && place !== null && placeOf(view) !== place) {
      const values = this.drafts.read(place);
      // What is on its way will be told of by its own answer.
      if (Object.keys(values).length > 0 && !this.#outbox.isMoving) {
        this.#set({ moved: movedTo(view, place, values, before.fields, this.#lastBy) });
      }
    }
    if (before === null || view.version > before.version) {
      this.#outbox.rebase(placeOf(view), view.version);
    }
    this.#set({ view, queue: this.#outbox.entries });
  }

  async #follow(after: number, signal: AbortSignal): Promise<void> {
    await follow(this.#options.client, this.session, after, {
      signal,
      ...(this.#options.pause === undefined ? {} : { pause: this.#options.pause }),
      onSignedOut: () => this.#set({ isSignedOut: true }),
      onNews: (news) => this.#hear(news),
    });
  }

  #hear(news: News | null): void {
    if (news !== null) {
      if (news.by !== null && news.by !== this.#options.actor && news.by !== 'system') {
        this.#lastBy = news.by;
      }
      // What is said of incidents is no event of the session: only a look can tell.
      if (news.kind !== 'incidents' && news.seq <= (this.#state.view?.version ?? 0)) {
        return;
      }
      this.#lookAfter = Math.max(this.#lookAfter, news.seq);
    }
    if (!this.#isPumping || news?.kind === 'incidents') {
      this.#lookAfter = 0;
      void this.look();
    }
  }

  #set(change: Partial<WalkState>): void {
    this.#state = { ...this.#state, ...change };
    if ('moved' in change || 'refused' in change) keepTold(this.#options.keep, this.session, this.#state);
    for (const listener of this.#listeners) {
      listener(this.#state);
    }
  }
}
