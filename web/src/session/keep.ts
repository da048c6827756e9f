/** What the browser keeps for us, so that a refresh, a crash or an expired sign-in loses nothing typed. */

export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  key(index: number): string | null;
  readonly length: number;
}

/** A shelf that lasts as long as the page: where the browser refuses its own, nothing breaks. */
export class PageShelf implements Shelf {
  readonly #items = new Map<string, string>();

  get length(): number {
    return this.#items.size;
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
}

/** The browser's shelves, or the page's own where they are closed to us (private windows, frames). */
export function shelves(): { lasting: Shelf; tab: Shelf } {
  return {
    lasting: usable(() => globalThis.localStorage),
    tab: usable(() => globalThis.sessionStorage),
  };
}

function usable(give: () => Storage): Shelf {
  try {
    const shelf = give();
    shelf.setItem('parcours:try', '1');
    shelf.removeItem('parcours:try');
    return shelf;
  } catch {
    return new PageShelf();
  }
}

/**
 * JSON under our own prefix and the reader's name.
 *
 * What is sensitive stays in the tab and goes with it; the rest outlives the browser.
 */
export class Keep {
  readonly #prefix: string;

  constructor(
    whose: string,
    readonly lasting: Shelf,
    readonly tab: Shelf,
  ) {
    this.#prefix = `parcours:${whose}:`;
  }

  read<Kept>(name: string): Kept | null {
    const text = this.tab.getItem(this.#prefix + name) ?? this.lasting.getItem(this.#prefix + name);
    if (text === null) {
      return null;
    }
    try {
      return JSON.parse(text) as Kept;
    } catch {
      return null;
    }
  }

  write(name: string, value: unknown, sensitive = false): void {
    const key = this.#prefix + name;
    const [shelf, other] = sensitive ? [this.tab, this.lasting] : [this.lasting, this.tab];
    other.removeItem(key);
    try {
      shelf.setItem(key, JSON.stringify(value));
    } catch {
      // The shelf is full: the page still holds it, and the next write may find room.
    }
  }

  remove(name: string): void {
    this.lasting.removeItem(this.#prefix + name);
    this.tab.removeItem(this.#prefix + name);
  }

  /** Give the names that begin so. */
  names(start: string): string[] {
    const found = new Set<string>();
    for (const shelf of [this.lasting, this.tab]) {
      for (let index = 0; index < shelf.length; index += 1) {
        const key = shelf.key(index);
        if (key?.startsWith(this.#prefix + start)) {
          found.add(key.slice(this.#prefix.length));
        }
      }
    }
    return [...found].sort();
  }

  /** Forget all that is this reader's: on signing out. */
  clear(): void {
    for (const name of this.names('')) {
      this.remove(name);
    }
  }
}
