/** What befell words that did not get through, kept until somebody has read it: a page may close before. */
import { Problem } from '../api/problems';
import type { Keep } from './keep';
import type { Moved, Refused } from './shown';

export interface Told {
  moved: Moved | null;
  refused: Refused | null;
}

const NOTHING: Told = { moved: null, refused: null };

/** Whether the page itself still shows the words: an answer's fields keep what was typed in them. */
function isShown({ command, problem }: Refused): boolean {
  return command.type === 'answer' && Object.keys(problem.errors).length > 0;
}

export function readTold(keep: Keep, session: string): Told {
  const kept = keep.read<Told>(nameOf(session));
  if (kept === null) return NOTHING;
  const { moved, refused } = kept;
  if (refused === null) return { moved, refused };
  const { status, code, title, detail, errors } = refused.problem;
  return { moved, refused: { ...refused, problem: new Problem(status, code, title, detail, errors) } };
}

export function keepTold(keep: Keep, session: string, { moved, refused }: Told): void {
  const isSensitive = (moved?.fields ?? []).some((field) => field.sensitive) || refused?.isSensitive === true;
  const said = refused === null || isShown(refused) ? null : refused;
  if (moved === null && said === null) {
    keep.remove(nameOf(session));
    return;
  }
  keep.write(nameOf(session), { moved, refused: said === null ? null : { ...said, problem: bare(said.problem) } }, isSensitive);
}

/** A problem without the view that came with it: the service has a newer one. */
function bare({ status, code, title, detail, errors }: Problem): Partial<Problem> {
  return { status, code, title, detail, errors };
}

function nameOf(session: string): string {
  return `told:${session}`;
}
