/** What one's teams and customers wait for, as the service tells it while the page is seen. */
import type { Client } from '../api/client';
import type { Listed, Me, Page } from '../api/types';
import { listen } from '../session/live';

type News =
  | { kind: 'snapshot'; items: Listed[] }
  | { kind: 'asked' | 'changed'; item: Listed }
  | { kind: 'gone'; session: string };

export class Waiting {
  /** `null` until it is known. */
  items = $state.raw<Listed[] | null>(null);
  readonly #client: Client;
  readonly #onAsked: (item: Listed) => void;
  #closing: AbortController | null = null;

  /** `onAsked` hears of what is asked for from now on, not of what waited already. */
  constructor(client: Client, onAsked: (item: Listed) => void) {
    this.#client = client;
    this.#onAsked = onAsked;
  }

  /** Hear what waits while the page is seen, by somebody who may. */
  mind(me: Me | null | undefined): void {
    this.watch(!document.hidden && (me?.permissions.includes('session.list') ?? false));
  }

  /** Listen, or stop: a page that nobody sees keeps no connection. */
  watch(isOn: boolean): void {
    if (!isOn) {
      this.#closing?.abort();
      this.#closing = null;
    } else if (this.#closing === null) {
      const closing = new AbortController();
      this.#closing = closing;
      const stop = (): void => {
        if (this.#closing === closing) this.#closing = null;
      };
      void listen(this.#client, '/v1/waiting/stream', {
        signal: closing.signal,
        onEvent: ({ data }) => this.#hear(data),
        onLook: () => void this.#look(closing.signal),
        onSignedOut: stop,
      }).finally(stop);
    }
  }

  /** Stop, and know nothing any more: somebody else may sign in here. */
  forget(): void {
    this.watch(false);
    this.items = null;
  }

  async #look(signal: AbortSignal): Promise<void> {
    try {
      const found = await this.#client.get<Page<Listed>>('/v1/sessions', { waiting: 'teams', limit: 100 });
      if (!signal.aborted) this.items = found.items;
    } catch {
      // It is looked again in a few seconds.
    }
  }

  #hear(data: string): void {
    const news = JSON.parse(data) as News;
    const before = this.items ?? [];
    if (news.kind === 'snapshot') {
      this.items = news.items;
    } else if (news.kind === 'gone') {
      this.items = before.filter((one) => one.id !== news.session);
    } else {
      const isKnown = before.some((one) => one.id === news.item.id);
      this.items = isKnown ? before.map((one) => (one.id === news.item.id ? news.item : one)) : [news.item, ...before];
      if (news.kind === 'asked') this.#onAsked(news.item);
    }
  }
}
