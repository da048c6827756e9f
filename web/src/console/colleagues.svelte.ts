/** What colleagues are called: asked of the service when a name is first wanted, several at once. */
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../api/client';

const MOST = 200;
/** After how long somebody without a name is asked for again: they may have signed in since. */
const AGAIN_MS = 300_000;
const ROLES = ['advisor', 'supervisor', 'admin', 'author'];

interface Named {
  items: { by: string; name: string }[];
}

export class Colleagues {
  readonly #client: Client;
  readonly #names = new SvelteMap<string, string>();
  readonly #asked = new Map<string, number>();
  #wanted = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** A colleague's name; how they sign in until it is known, and beside it where two are called the same. */
  nameOf(by: string): string {
    const at = by.indexOf(':');
    const id = by.slice(at + 1);
    const name = this.#names.get(by);
    if (name === undefined) {
      if (ROLES.includes(by.slice(0, at))) this.#want(by);
      return id;
    }
    const isShared = [...this.#names].some(([other, called]) => called === name && other !== by);
    return isShared ? `${name} (${id})` : name;
  }

  forget(): void {
    this.#names.clear();
    this.#asked.clear();
  }

  #want(by: string): void {
    if (Date.now() - (this.#asked.get(by) ?? -Infinity) < AGAIN_MS) return;
    this.#asked.set(by, Date.now());
    // What one page shows is asked for together, once it is drawn.
    if (this.#wanted.size === 0) queueMicrotask(() => void this.#ask());
    this.#wanted.add(by);
  }

  async #ask(): Promise<void> {
    const wanted = [...this.#wanted];
    this.#wanted = new Set();
    for (let first = 0; first < wanted.length; first += MOST) {
      const by = wanted.slice(first, first + MOST);
      try {
        const { body } = await this.#client.ask<Named>('/v1/colleagues:name', { method: 'POST', body: { by } });
        for (const one of body.items) this.#names.set(one.by, one.name);
      } catch {
        // They stay as they sign in; who is shown anew later is asked for again.
      }
    }
  }
}
