/** What an address says behind its `#`: a link's token and what it opens. It never reaches a server's log. */
export interface Given {
  token: string | null;
  /** A journey to begin or a session to go on with, where the token does not say. */
  journey: string | null;
  session: string | null;
  language: string | null;
}

export function givenBy(fragment: string): Given {
  const parts = new URLSearchParams(fragment.replace(/^#/, ''));
  const text = (name: string): string | null => parts.get(name)?.trim() || null;
  return {
    token: text('t'),
    journey: text('journey'),
    session: text('session'),
    language: text('lang'),
  };
}

/** What stands for a token where it must not be kept itself: its SHA-256, shortened. */
export async function standIn(token: string): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) {
    // A page without a secure context has no hashes; its tab still tells its links apart.
    return `n${[...token].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7) >>> 0}`;
  }
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  return [...new Uint8Array(digest)].slice(0, 12).map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
