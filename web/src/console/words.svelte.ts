/** The wrap-up in the advisor's own words: kept in the browser at each keystroke, on the service soon after. */
import type { Client } from '../api/client';
import { Problem } from '../api/problems';
import { waitMs } from '../session/backoff';
import type { Drafts } from '../session/drafts';

export type Name = 'summary' | 'next';
type Texts = Record<Name, string | null>;

export interface Kept extends Texts {
  version: number;
  at: number | null;
  by: string | null;
}

/** Where the browser keeps it, among what else is typed in a session. */
export const PLACE = 'wrap-up';
const NAMES: readonly Name[] = ['summary', 'next'];
const NOTHING: Kept = { summary: null, next: null, version: 0, at: null, by: null };
/** A pause in typing this long sends what was typed. */
const PAUSE_MS = 800;

export class Words {
  /** `calm`: all is kept; `typing`; `saving`; `waiting`: it is tried again; `changed`: somebody else wrote meanwhile. */
  state = $state<'calm' | 'typing' | 'saving' | 'waiting' | 'changed' | 'refused'>('calm');
  /** What the service has. */
  kept = $state.raw<Kept>(NOTHING);
  /** Whether it waits for its reader to sign in again. */
  isSignedOut = $state(false);
  /** Why it does not take what was typed. */
  trouble = $state('');
  /** Typed here and not kept there yet; null takes back what was written over the walk's own text. */
  #mine = $state.raw<Partial<Texts>>({});
  /** The version of what the service had when typing began: what others wrote since is not written over. */
  #base = 0;
  /** What it said then: where nobody changed it since, nothing stands against what is typed. */
  #was: Texts | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #isClosed = false;
  #isSending = false;

  constructor(
    readonly client: Client,
    readonly drafts: Drafts,
  ) {
    const typed = drafts.read(PLACE);
    this.#mine = Object.fromEntries(NAMES.filter((name) => name in typed).map((name) => [name, typed[name] as string | null]));
    this.#base = Number(typed['version'] ?? 0);
    this.#was = (typed['was'] as Texts | undefined) ?? null;
  }

  /** Whether it waits for a person: somebody else wrote meanwhile, or the service does not take it. */
  get isStuck(): boolean {
    return this.state === 'changed' || this.state === 'refused';
  }

  /** What somebody wrote in place of the walk's own text; null where nobody did. */
  text(name: Name): string | null {
    const mine = this.#mine[name];
    return mine === undefined ? this.kept[name] : mine;
  }

  get #path(): string {
    return `/v1/sessions/${this.drafts.session}/wrap-up`;
  }

  /** Read what is kept, and send what an earlier page left. */
  async load(): Promise<void> {
    try {
      this.kept = await this.client.get<Kept>(this.#path);
    } catch (error) {
      this.#again(error, () => this.load());
      return;
    }
    this.#attempt = 0;
    this.isSignedOut = false;
    if (!this.#isTyped) this.state = 'calm';
    else if (this.#base === this.kept.version) await this.save();
    else await this.#meet();
  }

  write(name: Name, text: string | null): void {
    if (!this.#isTyped) this.#begin();
    this.#mine = { ...this.#mine, [name]: text };
    this.drafts.set(PLACE, name, text);
    if (this.state === 'changed') return;
    this.state = 'typing';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE_MS);
  }

  /** Send at once what was typed. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#isTyped || this.#isSending || this.state === 'changed') return;
    this.#isSending = true;
    this.state = 'saving';
    this.trouble = '';
    const sent = { summary: this.text('summary'), next: this.text('next') };
    try {
      const { body } = await this.client.ask<Kept>(this.#path, { method: 'PUT', body: { version: this.kept.version, ...sent } });
      this.kept = body;
      this.#isSending = false;
    } catch (error) {
      this.#isSending = false;
      if (error instanceof Problem && error.code === 'wrap-up.changed') await this.#differ();
      else this.#again(error, () => this.save());
      return;
    }
    this.#attempt = 0;
    this.isSignedOut = false;
    if (this.#isTyped) this.#begin();
    for (const name of NAMES) {
      // What was typed while it was sent goes with the next.
      if (this.#mine[name] === sent[name]) this.#forget(name);
    }
    this.state = this.#isTyped ? 'typing' : 'calm';
    if (this.#isTyped) await this.save();
  }

  /** The network is back: try at once what waited for it. */
  async again(): Promise<void> {
    if (this.state !== 'waiting') return;
    clearTimeout(this.#timer);
    await this.load();
  }

  /** After somebody else's change: keep what was typed here in its place, or theirs. */
  async settle(whose: 'mine' | 'theirs'): Promise<void> {
    if (whose === 'theirs') NAMES.forEach((name) => this.#forget(name));
    else this.#begin();
    this.state = this.#isTyped ? 'typing' : 'calm';
    await this.save();
  }

  /** Stop trying; what was typed stays in the browser. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  get #isTyped(): boolean {
    return Object.keys(this.#mine).length > 0;
  }

  async #differ(): Promise<void> {
    try {
      this.kept = await this.client.get<Kept>(this.#path);
      await this.#meet();
    } catch (error) {
      this.#again(error, () => this.#differ());
    }
  }

  /** What is typed from here on stands on what the service has now. */
  #begin(): void {
    this.#base = this.kept.version;
    this.#was = { summary: this.kept.summary, next: this.kept.next };
    this.drafts.set(PLACE, 'version', this.#base);
    this.drafts.set(PLACE, 'was', this.#was);
  }

  /** The service has other words than those one began from: the same as typed here, or somebody else's. */
  async #meet(): Promise<void> {
    const { kept } = this;
    for (const name of NAMES) {
      if (this.#mine[name] === kept[name]) this.#forget(name);
    }
    const typed = NAMES.filter((name) => this.#mine[name] !== undefined);
    if (typed.some((name) => this.#was === null || this.#was[name] !== kept[name])) {
      this.state = 'changed';
      return;
    }
    // Nobody wrote there: another page of one's own had sent the rest already.
    if (typed.length > 0) this.#begin();
    this.state = typed.length > 0 ? 'typing' : 'calm';
    await this.save();
  }

  #forget(name: Name): void {
    const { [name]: _, ...others } = this.#mine;
    this.#mine = others;
    this.drafts.set(PLACE, name, undefined);
    if (!this.#isTyped) this.drafts.forget(PLACE);
  }

  #again(error: unknown, next: () => Promise<void>): void {
    if (error instanceof Problem && !error.isPassing && error.status !== 401) {
      this.state = 'refused';
      this.trouble = error.detail || error.title;
      return;
    }
    this.state = 'waiting';
    this.isSignedOut = error instanceof Problem && error.status === 401;
    this.#attempt += 1;
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.state = 'typing';
      void next();
    }, waitMs(this.#attempt, null));
  }
}
