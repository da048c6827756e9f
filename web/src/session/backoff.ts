/** How long to wait before sending again: doubling, with chance, so that clients do not come back together. */

const FIRST_MS = 500;
const LONGEST_MS = 8_000;

export function waitMs(attempt: number, asked: number | null, chance: () => number = Math.random): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.max(asked ?? 0, Math.round(most / 2 + chance() * (most / 2)));
}
