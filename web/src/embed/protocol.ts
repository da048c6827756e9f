/**
 * `journey-embed/1`: what a framed page and its host tell each other.
 *
 * Every message is an object `{v: 1, type, id, …}`. Unknown types are ignored; nobody is believed
 * to be someone because a message says so.
 */

export const PROTOCOL = 'journey-embed/1';
export const HOST_TYPES = ['context', 'navigate', 'set_variables', 'end'] as const;
export const FRAME_TYPES = ['ready', 'resize', 'step', 'say', 'outcome', 'action', 'error'] as const;
export type HostType = (typeof HOST_TYPES)[number];
export type FrameType = (typeof FRAME_TYPES)[number];

export interface Message<Type extends string = string> {
  v: 1;
  type: Type;
  id: string;
  [part: string]: unknown;
}

/** What a session came to, as a host keeps it. */
export interface Outcome {
  session: string;
  outcome: string | null;
  codes: { declaration: string[]; qualification: string[]; action: string[] };
  summary: string;
  /** Answers by their question's name; nothing sensitive. */
  fields: Record<string, unknown>;
}

/** Another window, as far as it is spoken to. */
export interface Target {
  postMessage(message: unknown, targetOrigin: string): void;
}

let last = 0;
export const nextId = (): string => `${Date.now().toString(36)}-${(last += 1)}`;

/** A message of one of these types, or null. */
export function messageOf<Type extends string>(data: unknown, types: readonly Type[]): Message<Type> | null {
  if (typeof data !== 'object' || data === null) return null;
  const { v, type, id } = data as Record<string, unknown>;
  if (v !== 1 || typeof id !== 'string' || id.length > 100) return null;
  return types.includes(type as Type) ? (data as Message<Type>) : null;
}

/** Whether a text is an origin that may be spoken to: a scheme, a host, a port, nothing more. */
export function isOrigin(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  try {
    const url = new URL(text);
    return url.origin === text && /^https?:$/.test(url.protocol);
  } catch {
    return false;
  }
}

/** One end of the line: speaks to one window of one origin, and hears nobody else. */
export class Line<Hears extends string, Says extends string> {
  readonly #hearing: (event: MessageEvent) => void;

  constructor(
    readonly self: Window,
    readonly other: Target,
    readonly origin: string,
    types: readonly Hears[],
    hear: (message: Message<Hears>) => void,
  ) {
    this.#hearing = (event) => {
      if (event.source !== (this.other as unknown) || event.origin !== this.origin) return;
      const message = messageOf(event.data, types);
      if (message !== null) hear(message);
    };
    self.addEventListener('message', this.#hearing);
  }

  /** Tell something; `re` names the message it answers. */
  say(type: Says, parts: Record<string, unknown> = {}): string {
    const id = nextId();
    this.other.postMessage({ ...parts, v: 1, type, id }, this.origin);
    return id;
  }

  close(): void {
    this.self.removeEventListener('message', this.#hearing);
  }
}
