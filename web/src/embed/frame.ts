/** The framed page's end of `journey-embed/1`. */
import type { Values, View } from '../api/types';
import { placeOf } from '../session/drafts';
import type { Guest, GuestState } from '../care/guest';
import { outcomeOf, Plain } from '../care/summary';
import { barred } from '../care/words';
import { HOST_TYPES, isOrigin, Line, PROTOCOL, type FrameType, type HostType, type Message } from './protocol';

/** Where a page stands: what a browser says of it. */
export interface Place {
  ancestorOrigins?: ArrayLike<string> | undefined;
  referrer: string;
  fragment: string;
}

/**
 * The origin of the page around this one, or null.
 *
 * The browser's word comes first; the address may only name it where the browser says nothing. It
 * is where messages go, not whom to trust: who may frame this page is the service's header.
 */
export function hostOrigin({ ancestorOrigins, referrer, fragment }: Place): string | null {
  const said = ancestorOrigins?.[0];
  if (said !== undefined) return isOrigin(said) ? said : null;
  const named = new URLSearchParams(fragment.replace(/^#/, '')).get('origin');
  if (isOrigin(named)) return named;
  try {
    return new URL(referrer).origin;
  } catch {
    return null;
  }
}

export interface Wishes {
  /** Whether the host has a reply box to put texts into. */
  reply: boolean;
  theme: 'light' | 'dark' | null;
}

/** Tells the host what happens in the session, and does what the host may ask. */
export class Frame {
  readonly #line: Line<HostType, FrameType>;
  readonly #plain: Plain;
  #wishes: Wishes = { reply: false, theme: null };
  #place: string | null = null;
  #pending: string | null = null;
  #ended = '';
  #barrier = '';
  #height = 0;

  constructor(
    self: Window,
    parent: Window,
    origin: string,
    readonly guest: Guest,
    readonly onwishes: (wishes: Wishes) => void,
  ) {
    this.#line = new Line(self, parent, origin, HOST_TYPES, (message) => this.#hear(message));
    this.#plain = new Plain();
    this.#line.say('ready', { protocol: PROTOCOL });
    guest.subscribe((state) => this.#tell(state));
  }

  say(text: string): void {
    this.#line.say('say', { text });
  }

  /** Tell how high the page is, when that changed. */
  resize(height: number): void {
    if (height === this.#height || height <= 0) return;
    this.#height = height;
    this.#line.say('resize', { height });
  }

  close(): void {
    this.#line.close();
  }

  #tell(state: GuestState): void {
    if (state.barrier !== null) {
      if (this.#barrier !== state.barrier) {
        this.#line.say('error', { code: `link.${state.barrier}`, message: barred(state.barrier, state.language).title });
      }
      this.#barrier = state.barrier;
      return;
    }
    this.#barrier = '';
    const view = state.walk?.view;
    if (!view) return;
    this.#plain.see(view);
    const place = placeOf(view);
    if (place !== this.#place && view.step !== null) {
      this.#line.say('step', { session: view.session, node: view.step.id, title: view.step.title });
    }
    this.#place = place;
    this.#tellAction(view);
    const ended = view.status === 'ended' || view.status === 'failed' ? `${view.session} ${view.version}` : '';
    if (ended !== '' && ended !== this.#ended) {
      this.#line.say('outcome', { ...outcomeOf(view, this.#plain, state.language) });
    }
    this.#ended = ended;
  }

  #tellAction(view: View): void {
    const operation = typeof view.pending?.operation === 'string' ? view.pending.operation : null;
    if (operation === this.#pending) return;
    if (this.#pending !== null) this.#line.say('action', { operation: this.#pending, status: 'settled' });
    if (operation !== null) this.#line.say('action', { operation, status: 'requested' });
    this.#pending = operation;
  }

  #hear(message: Message<HostType>): void {
    const walk = this.guest.walk;
    const view = this.guest.state.walk?.view;
    switch (message.type) {
      case 'context': {
        // A claim of the host: how to look, never who somebody is.
        const { language, theme, reply } = message;
        if (language === 'fr' || language === 'en') this.guest.speak(language);
        this.#wishes = {
          reply: typeof reply === 'boolean' ? reply : this.#wishes.reply,
          theme: theme === 'light' || theme === 'dark' ? theme : this.#wishes.theme,
        };
        this.onwishes(this.#wishes);
        return;
      }
      case 'set_variables':
        if (isPlainObject(message.values) && may(view, 'provide')) {
          void walk?.send({ type: 'provide', values: message.values as Values });
        } else {
          this.#refuse(message);
        }
        return;
      case 'navigate':
        if (Number.isInteger(message.visit) && may(view, 'back')) {
          void walk?.send({ type: 'back', visit: message.visit });
        } else {
          this.#refuse(message);
        }
        return;
      case 'end':
        if (may(view, 'pause')) void walk?.send({ type: 'pause' });
        else this.#refuse(message);
    }
  }

  #refuse(message: Message): void {
    this.#line.say('error', { re: message.id, code: 'embed.not-now', message: `${message.type}: not possible now` });
  }
}

const may = (view: View | null | undefined, command: string): boolean => view?.commands.includes(command) ?? false;
const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
