/**
 * The host page's end of `journey-embed/1`: puts the framed page into an element and speaks with it.
 *
 * It takes a token that the integrator's own server got from the service; it makes none.
 */
import { FRAME_TYPES, Line, type FrameType, type HostType, type Message, type Outcome } from './protocol';

export interface HostOptions {
  /** Where the service is, such as `https://parcours.example`. */
  base: string;
  token: string;
  language?: string;
  theme?: 'light' | 'dark';
  /** The name that screen readers say for the frame. */
  title?: string;
  /** Whether this page has a reply box: texts then carry a button that puts them there. */
  reply?: boolean;
  onready?: () => void;
  onstep?: (step: { session: string; node: string; title: string }) => void;
  onsay?: (text: string) => void;
  onoutcome?: (outcome: Outcome) => void;
  onaction?: (action: { operation: string; status: string }) => void;
  onerror?: (error: { code: string; message: string }) => void;
  onresize?: (height: number) => void;
}

export class Host {
  readonly frame: HTMLIFrameElement;
  readonly #line: Line<FrameType, HostType>;

  constructor(
    place: HTMLElement,
    readonly options: HostOptions,
  ) {
    const base = new URL(options.base);
    const self = place.ownerDocument.defaultView as Window;
    this.frame = place.ownerDocument.createElement('iframe');
    this.frame.title = options.title ?? 'Parcours';
    this.frame.setAttribute('width', '100%');
    this.frame.setAttribute('frameborder', '0');
    const parts = new URLSearchParams({ t: options.token, origin: self.location.origin });
    if (options.language !== undefined) parts.set('lang', options.language);
    this.frame.src = `${base.origin}/embed#${parts.toString()}`;
    place.append(this.frame);
    this.#line = new Line(self, this.frame.contentWindow as Window, base.origin, FRAME_TYPES, (message) =>
      this.#hear(message),
    );
  }

  /** Say how to look, and whether there is a reply box. */
  context(parts: { language?: string; theme?: 'light' | 'dark'; reply?: boolean }): void {
    this.#line.say('context', parts);
  }

  /** Bring answers the host knows; each serves when its question is reached. */
  setVariables(values: Record<string, unknown>): void {
    this.#line.say('set_variables', { values });
  }

  /** Look at an earlier visit of the session. */
  navigate(visit: number): void {
    this.#line.say('navigate', { visit });
  }

  /** The contact is over here: the session is put down, and goes on by another link. */
  end(): void {
    this.#line.say('end');
  }

  remove(): void {
    this.#line.close();
    this.frame.remove();
  }

  #hear(message: Message<FrameType>): void {
    const { options } = this;
    switch (message.type) {
      case 'ready':
        this.context({
          reply: options.reply ?? false,
          ...(options.theme === undefined ? {} : { theme: options.theme }),
        });
        options.onready?.();
        return;
      case 'resize': {
        const height = Number(message['height']);
        if (!(height > 0 && height < 20_000)) return;
        this.frame.setAttribute('height', String(Math.ceil(height)));
        options.onresize?.(height);
        return;
      }
      case 'step':
        options.onstep?.({
          session: String(message['session']),
          node: String(message['node']),
          title: String(message['title']),
        });
        return;
      case 'say':
        options.onsay?.(String(message['text']));
        return;
      case 'outcome':
        options.onoutcome?.(message as unknown as Outcome);
        return;
      case 'action':
        options.onaction?.({ operation: String(message['operation']), status: String(message['status']) });
        return;
      case 'error':
        options.onerror?.({ code: String(message['code']), message: String(message['message']) });
    }
  }
}
