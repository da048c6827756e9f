/** What the adapters have in common: a place, a service, a token from the integrator's own server. */
import { Host, type HostOptions } from '../embed/host';
import type { Outcome } from '../embed/protocol';

export interface AdapterOptions<Context> {
  /** The element that takes the frame. */
  place: HTMLElement;
  /** Where the service is, such as `https://parcours.example`. */
  base: string;
  /**
   * Gives a link's token for the case at hand.
   *
   * It asks the integrator's own server, which knows who is signed in and asks the service
   * (`POST /v1/links`). The context given is a claim of the page: that server checks it.
   */
  token: (context: Context) => Promise<string> | string;
  language?: string;
  theme?: 'light' | 'dark';
  /** Hears what happens, beside what the adapter does with it. */
  onstep?: HostOptions['onstep'];
  onoutcome?: (outcome: Outcome) => void;
  onerror?: (error: { code: string; message: string }) => void;
}

export interface Adapted {
  /** The frame's host, or null while there is no case at hand. */
  readonly host: Host | null;
  close(): void;
}

/** The codes of an axis in one text, as a host's field keeps them. */
export const codesIn = (outcome: Outcome, axis: keyof Outcome['codes']): string => outcome.codes[axis].join(' ');

/** Give the error that something unexpected is: hosts' libraries reject with anything. */
export const errorOf = (code: string, reason: unknown): { code: string; message: string } => ({
  code,
  message: reason instanceof Error ? reason.message : String(reason),
});

/** Open the frame for a case, with the token that the integrator's server gives for it. */
export async function openFor<Context>(
  options: AdapterOptions<Context>,
  context: Context,
  more: Pick<HostOptions, 'onsay' | 'onoutcome' | 'onresize'> & { language?: string },
): Promise<Host | null> {
  let token: string;
  try {
    token = (await options.token(context)).trim();
  } catch (reason) {
    options.onerror?.(errorOf('adapter.no-token', reason));
    return null;
  }
  const language = options.language ?? more.language;
  return new Host(options.place, {
    base: options.base,
    token,
    reply: more.onsay !== undefined,
    ...(language === undefined ? {} : { language }),
    ...(options.theme === undefined ? {} : { theme: options.theme }),
    ...(options.onstep === undefined ? {} : { onstep: options.onstep }),
    ...(options.onerror === undefined ? {} : { onerror: options.onerror }),
    ...(more.onsay === undefined ? {} : { onsay: more.onsay }),
    ...(more.onresize === undefined ? {} : { onresize: more.onresize }),
    onoutcome: (outcome) => {
      more.onoutcome?.(outcome);
      options.onoutcome?.(outcome);
    },
  });
}
