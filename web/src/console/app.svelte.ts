/** What the console holds beside its sessions: who is signed in, where one is, tabs, preferences. */
import { untrack } from 'svelte';
import { Client } from '../api/client';
import { Problem } from '../api/problems';
import type { Journey, Me, Page, SignInOptions, View } from '../api/types';
import { Keep, shelves } from '../session/keep';
import { newKey } from '../session/keys';
import type { Settled, WalkState } from '../session/walk';
import { Walk } from '../session/walk';
import type { Language } from '../texts/format';
import { type Holes, type Key, deployed, isLanguage, preferred, translate } from '../texts/translate';
import { Colleagues } from './colleagues.svelte';
import { type KeyMap, mapped } from './keyboard';
import { type Call, shelve } from './launch';
import { type Route, routeOf } from './route';
import { Waiting } from './waiting.svelte';

export interface Tab {
  session: string;
  title: string;
  customer: string | null;
}

export interface Preferences {
  language: Language | null;
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
  /** Where a new step puts the cursor: in its field when it has one to type in, or on its heading. */
  cursor: 'field' | 'heading';
  singles: boolean;
  keys: Partial<KeyMap>;
  left: boolean;
  right: boolean;
  favourites: string[];
}

const DEFAULTS: Preferences = {
  language: null, theme: 'system', density: 'comfortable', cursor: 'field', singles: true, keys: {}, left: true, right: true,
  favourites: [],
};
const TABS = 12;
const RECENTS = 8;
/** Contacts that are named after their tab was closed, while words of theirs wait. */
const CLOSED = 40;
/** How long one sees that something was done. */
const TOLD_MS = 4_000;

/** A session that is open in a tab: its walk, and its state as Svelte sees it. */
export class Open {
  readonly walk: Walk;
  state = $state.raw<WalkState>() as WalkState;

  constructor(walk: Walk) {
    this.walk = walk;
    this.state = walk.state;
    walk.subscribe((state) => {
      this.state = state;
    });
  }

  send(command: { type: string; [field: string]: unknown }): Promise<Settled> {
    return this.walk.send(command);
  }
}

export class App {
  /** `undefined` until it is known; `null` when nobody is signed in. */
  me = $state.raw<Me | null | undefined>(undefined);
  /** Why the console cannot even tell who is there. */
  fault = $state.raw<Problem | 'unreachable' | null>(null);
  route = $state.raw<Route>({ page: 'home' });
  tabs = $state.raw<Tab[]>([]);
  recents = $state.raw<string[]>([]);
  preferences = $state.raw<Preferences>(DEFAULTS);
  language = $state<Language>(deployed(document.cookie) ?? preferred(navigator.languages));
  journeys = $state.raw<Journey[]>([]);
  /** Whether the service lets anybody in as anybody: said at the top of every page. */
  isDevelopment = $state(false);
  /** A call that rang on this screen and has no session yet. */
  call = $state.raw<Call | null>(null);
  /** Said to those who hear the page. */
  announced = $state('');
  /** What was just done, for those who see the page. */
  told = $state('');
  readonly client = new Client({ language: () => this.language });
  /** What one's teams and customers wait for. */
  readonly waiting = new Waiting(this.client, (item) => {
    if (item.asked?.by !== this.actor) this.tell(this.t('home.teams.asked', { title: item.title ?? item.journey }));
  });
  readonly #colleagues = new Colleagues(this.client);
  readonly #shelves = shelves();
  readonly #open = new Map<string, Open>();
  /** The contact that is being begun. */
  #starting: Promise<string> | null = null;
  #keep = new Keep('nobody', this.#shelves.lasting, this.#shelves.tab);
  #saving: ReturnType<typeof setTimeout> | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;

  readonly t = (key: Key, holes: Holes = {}): string => translate(this.language, key, holes);

  get keys(): { map: KeyMap; singles: boolean } {
    return { map: mapped(this.preferences.keys), singles: this.preferences.singles };
  }

  get keep(): Keep {
    return this.#keep;
  }

  get actor(): string {
    return this.me ? `${this.me.role}:${this.me.id}` : '';
  }

  /** What somebody is called: people by name, a customer by what they are, the rest as it signs in. */
  nameOf(by: string | null): string {
    if (by?.startsWith('customer:')) return this.t('who.customer');
    return by !== null && by === this.actor ? (this.me?.name ?? '') : this.#colleagues.nameOf(by ?? '');
  }

  async begin(): Promise<void> {
    this.route = routeOf(location);
    if (this.route.page === 'launch') {
      shelve(location, sessionStorage);
    }
    document.documentElement.lang = this.language;
    addEventListener('popstate', () => {
      this.route = routeOf(location);
    });
    addEventListener('online', () => this.wake());
    document.addEventListener('visibilitychange', () => {
      this.waiting.mind(this.me);
      const active = this.active;
      if (document.hidden) {
        active?.walk.watch(false);
      } else {
        active?.walk.watch(true);
        void active?.walk.look();
      }
    });
    await this.recognise();
    if (this.me) {
      this.signInOptions().catch(() => {
        // Only the banner of development mode hangs on it.
      });
    }
  }

  /** Find out who is signed in. */
  async recognise(): Promise<void> {
    this.fault = null;
    try {
      this.#take(await this.client.get<Me>('/v1/me'));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        this.me = null;
        // An address that leads nowhere is told to anybody.
        if (this.route.page !== 'sign-in' && this.route.page !== 'unknown') {
          this.go(`/sign-in?next=${encodeURIComponent(location.pathname)}`, true);
        }
      } else {
        this.fault = error instanceof Problem ? error : 'unreachable';
      }
    }
  }

  async signIn(persona: string): Promise<void> {
    const { body } = await this.client.ask<Me>('/v1/sign-in/persona', { method: 'POST', body: { persona } });
    const next = this.route.page === 'sign-in' ? this.route.next : '/';
    if (this.me && this.actor !== `${body.role}:${body.id}`) {
      this.#closeAll();
    }
    this.#take(body);
    this.go(next, true);
    this.wake();
  }

  async signInOptions(): Promise<SignInOptions> {
    const options = await this.client.get<SignInOptions>('/v1/sign-in/options');
    this.isDevelopment = options.personas.length > 0;
    document.documentElement.toggleAttribute('data-development', this.isDevelopment);
    return options;
  }

  /** Sign out; nothing of this reader's stays in the browser. */
  async signOut(): Promise<void> {
    await this.client.ask('/v1/sign-out', { method: 'POST' });
    this.waiting.forget();
    this.#closeAll();
    this.#keep.clear();
    this.me = null;
    this.go('/sign-in');
  }

  /** The sign-in ended while somebody worked: sign in, and come back to this very step. */
  signInAgain(): void {
    this.go(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
  }

  wake(): void {
    for (const open of this.#open.values()) {
      open.walk.wake();
    }
  }

  go(path: string, replace = false): void {
    history[replace ? 'replaceState' : 'pushState'](null, '', path);
    this.route = routeOf(location);
    scrollTo(0, 0);
  }

  get active(): Open | null {
    return this.route.page === 'session' ? (this.#open.get(this.route.session) ?? null) : null;
  }

  /** The session of a tab, opened when it was not yet. */
  session(id: string, view: View | null = null): Open {
    let open = this.#open.get(id);
    if (open === undefined) {
      open = new Open(
        new Walk({
          session: id,
          client: this.client,
          keep: this.#keep,
          actor: this.actor,
          language: () => this.language,
          isLive: false,
        }),
      );
      this.#open.set(id, open);
      void open.walk.open(view);
    }
    return open;
  }

  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  /** Close a session that was opened only to send what waited for it. */
  release(id: string): void {
    const open = this.#open.get(id);
    const isShown = this.route.page === 'session' && this.route.session === id;
    if (open !== undefined && !isShown && open.state.queue.length === 0 && !this.tabs.some((one) => one.session === id)) {
      open.walk.close();
      this.#open.delete(id);
    }
  }

  /** Begin a session and show it. */
  async start(asked: Record<string, unknown>): Promise<string> {
    // A key pressed twice begins one contact: the second press waits for the first one's.
    this.#starting ??= this.#start(asked).finally(() => { this.#starting = null; });
    return this.#starting;
  }

  async #start(asked: Record<string, unknown>): Promise<string> {
    const { body } = await this.client.ask<{ session: string; view: View }>('/v1/sessions', {
      method: 'POST',
      body: {
        channel: 'phone',
        language: this.language,
        ...(this.call === null ? {} : { contact: this.call.contact, customer: this.call.customer }),
        ...asked,
      },
      key: newKey(),
    });
    this.call = null;
    this.session(body.session, body.view);
    this.noteTab({ session: body.session, title: body.view.journey.title, customer: null });
    this.recents = [body.view.journey.id, ...this.recents.filter((one) => one !== body.view.journey.id)].slice(0, RECENTS);
    this.#keep.write('recents', this.recents);
    this.go(`/s/${body.session}`);
    return body.session;
  }

  noteTab(tab: Tab): void {
    const known = this.tabs.find((one) => one.session === tab.session);
    if (known?.title === tab.title && (tab.customer === null || known.customer === tab.customer)) {
      return;
    }
    const noted = { ...tab, customer: tab.customer ?? known?.customer ?? null };
    this.tabs = known
      ? this.tabs.map((one) => (one.session === tab.session ? noted : one))
      : [...this.tabs, noted].slice(-TABS);
    this.#keep.write('tabs', this.tabs);
  }

  closeTab(session: string): void {
    const at = this.tabs.findIndex((one) => one.session === session);
    const closed = this.#keep.read<Tab[]>('closed') ?? [];
    this.#keep.write('closed', [...this.tabs.filter((one) => one.session === session), ...closed].slice(0, CLOSED));
    this.tabs = this.tabs.filter((one) => one.session !== session);
    this.#keep.write('tabs', this.tabs);
    const open = this.#open.get(session);
    if (open !== undefined && open.state.queue.length === 0) {
      open.walk.close();
      this.#open.delete(session);
    }
    if (this.route.page === 'session' && this.route.session === session) {
      const next = this.tabs[Math.min(Math.max(at, 0), this.tabs.length - 1)];
      this.go(next === undefined ? '/' : `/s/${next.session}`, true);
    }
  }

  /** Show the contact before or after this one. */
  turnTab(by: 1 | -1): void {
    if (this.tabs.length === 0) {
      return;
    }
    const current = this.route.page === 'session' ? this.route.session : null;
    const at = this.tabs.findIndex((one) => one.session === current);
    const next = this.tabs[(at + by + this.tabs.length) % this.tabs.length];
    if (next !== undefined) {
      this.go(`/s/${next.session}`);
    }
  }

  /** Change preferences; kept here at once, and on the service for the next machine. */
  prefer(change: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...change };
    this.#apply();
    this.#keep.write('preferences', this.preferences);
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => {
      this.client.ask('/v1/me/preferences', { method: 'PUT', body: this.preferences }).catch(() => {
        // Kept in this browser; the next change tries again.
      });
    }, 600);
  }

  /** The journeys one may start, read once. */
  async loadJourneys(): Promise<void> {
    const found: Journey[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Journey> = await this.client.get<Page<Journey>>('/v1/journeys', {
        limit: 200,
        ...(cursor === null ? {} : { cursor }),
      });
      found.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    this.journeys = found;
  }

  /** Why something did not come about: the service's own words, or that it does not answer. */
  reason(error: unknown): string {
    return error instanceof Problem ? error.detail || error.title : this.t('app.unreachable');
  }

  /** Say that something was done: shown for a moment, and heard. */
  tell(text: string): void {
    this.announce(text);
    this.told = text;
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => { this.told = ''; }, TOLD_MS);
  }

  announce(text: string): void {
    // The same words said twice are two pieces of news.
    this.announced = untrack(() => this.announced) === text ? `${text}\u200b` : text;
  }

  #take(me: Me): void {
    if (this.me?.tenant !== me.tenant) this.#colleagues.forget();
    if (this.actor !== `${me.role}:${me.id}`) this.waiting.forget();
    this.me = me;
    this.waiting.mind(this.me);
    this.#keep = new Keep(`${me.tenant}:${me.role}:${me.id}`, this.#shelves.lasting, this.#shelves.tab);
    const kept = { ...this.#keep.read<Partial<Preferences>>('preferences'), ...(me.preferences as Partial<Preferences>) };
    this.preferences = { ...DEFAULTS, ...kept };
    this.tabs = this.#keep.read<Tab[]>('tabs') ?? [];
    this.recents = this.#keep.read<string[]>('recents') ?? [];
    this.#apply();
  }

  #apply(): void {
    const { language, theme, density } = this.preferences;
    if (isLanguage(language)) {
      this.language = language;
    }
    const root = document.documentElement;
    root.lang = this.language;
    root.dataset['density'] = density;
    if (theme === 'system') {
      delete root.dataset['theme'];
    } else {
      root.dataset['theme'] = theme;
    }
  }

  #closeAll(): void {
    for (const open of this.#open.values()) {
      open.walk.close();
    }
    this.#open.clear();
    this.tabs = [];
  }
}

export const app = new App();
