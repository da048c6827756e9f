/** What was asked of other systems, as people count it: once each, however often a correction had it done. */
import type { Action } from './around.svelte';

/** An earlier doing is told beside a later one where it left something in the world. */
const TELLING: readonly string[] = ['kept', 'compensating', 'compensated', 'compensation_failed', 'unknown'];

/** The rows of a list of actions, latest first; an undoing is told by what it undid, unless it went wrong. */
export function rows(actions: readonly Action[]): Action[] {
  const seen = new Set<string>();
  return [...actions].reverse().filter((one) => {
    if (one.compensates !== null && ['requested', 'succeeded'].includes(one.status)) return false;
    const name = `${one.operation} ${one.title} ${one.compensates ?? ''}`;
    const isLatest = !seen.has(name);
    seen.add(name);
    return isLatest || TELLING.includes(one.status);
  });
}
