/** What a listener gives the parts of a contact: pure, so that it is tested without a page. */

/** A part of a contact, in milliseconds after it began. */
export interface Part {
  begins: number;
  ends: number;
  step: string | null;
  title?: string | null;
  /** What anybody hears of it, a queue or a hold; null where somebody works. */
  heard: string | null;
}

export interface ToRate {
  contact: string;
  channel: string;
  direction: string;
  offered: number;
  parts: Part[];
  /** The codes one may give, by axis. */
  codes?: Partial<Record<Axis, { code: string; label: string }[]>>;
}

export const AXES = ['declaration', 'qualification', 'action'] as const;
export type Axis = (typeof AXES)[number];

export type Useful = (number | null)[];

/** How much of a part was useful to the customer, in per cent: the digit 1 is the first. */
export const SHARES = [0, 25, 50, 75, 100];

/** A moment of a recording, as players show it: 0:07, 12:30, 1:02:03. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The part to go on with: the next one without a share, from the beginning again; null when all have one. */
export function following(useful: Useful, after: number): number | null {
  const order = [...useful.keys()].map((place) => (after + 1 + place) % useful.length);
  return order.find((place) => useful[place] === null) ?? null;
}

/** What was kept of a contact in this browser, if it still fits its parts. */
export function fitting(kept: unknown, parts: number): Useful {
  const fits = Array.isArray(kept) && kept.length === parts && kept.every((one) => one === null || SHARES.includes(one as number));
  return fits ? (kept as Useful) : Array.from({ length: parts }, () => null);
}
