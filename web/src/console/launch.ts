/** A call that a phone system opens on this screen: what its address says, kept out of sight. */

export type Asked = { token: string } | { parameters: Record<string, string> };

export interface Opened {
  launch: string;
  contact: string;
  session: string | null;
  reference: string | Record<string, string> | null;
  asks: string | null;
  said: { caller?: string; called?: string; direction?: string; channel?: string; is_withheld?: boolean };
}

/** A call without a session yet: what the session that is chosen for it begins with. */
export interface Call {
  contact: string;
  customer: string | Record<string, string> | null;
  number: string | null;
  asks: string | null;
}

const SHELF = 'parcours:launch';

/** What an address of `/launch` asks for; null when it asks for nothing. */
export function askedOf(at: { search: string; hash: string }): Asked | null {
  const token = new URLSearchParams(at.hash.slice(1)).get('t');
  if (token) {
    return { token };
  }
  const parameters = Object.fromEntries(new URLSearchParams(at.search));
  return Object.keys(parameters).length === 0 ? null : { parameters };
}

/** Whether it may be opened at once: an address anybody could have written waits for its reader. */
export function isVouched(asked: Asked): boolean {
  return 'token' in asked || !asked.parameters['journey'];
}

/** Keep what was asked for this tab, through a sign-in, and take it out of the address. */
export function shelve(at: Location, shelf: Storage): void {
  const asked = askedOf(at);
  if (asked !== null) {
    shelf.setItem(SHELF, JSON.stringify(asked));
    history.replaceState(null, '', at.pathname);
  }
}

/** What was asked, once. */
export function takeUp(shelf: Storage): Asked | null {
  const kept = shelf.getItem(SHELF);
  shelf.removeItem(SHELF);
  return kept === null ? null : (JSON.parse(kept) as Asked);
}

export function callOf(opened: Opened): Call {
  const { said } = opened;
  return {
    contact: opened.contact,
    customer: opened.reference,
    number: (said.direction === 'outbound' ? said.called : said.caller) ?? null,
    asks: opened.asks,
  };
}
