/** What a session's page shows: the view, what is on its way, what befell it. */
import type { Problem } from '../api/problems';
import type { Command, Field, Values, View } from '../api/types';
import type { Entry } from './outbox';

/** Somebody else moved the session while something was typed here, or on its way. */
export interface Moved {
  /** Who, as events name them (`advisor:bruno`, `system`), `own` for one's own correction; null when only the new state is known. */
  by: string | null;
  /** The step that it was typed at. */
  from: string | null;
  values: Values;
  fields: readonly Field[];
  /** How it may still be sent: at this very step, as answers for later, or not at all. */
  way: 'answer' | 'provide' | null;
}

export interface Refused {
  command: Command;
  problem: Problem;
  /** Whether its words may stay in this tab only. */
  isSensitive?: boolean;
}

export interface WalkState {
  view: View | null;
  /** Why there is nothing to show. */
  fault: Problem | null;
  /** `calm`: all is sent; `sending`; `waiting`: the service cannot be reached, it is tried again. */
  link: 'calm' | 'sending' | 'waiting';
  /** When it is tried again, milliseconds. */
  retryAt: number | null;
  queue: readonly Entry[];
  refused: Refused | null;
  moved: Moved | null;
  isSignedOut: boolean;
}

/** How a command ended: done, refused, overtaken, or still to be sent. */
export type Settled = 'done' | 'refused' | 'moved' | 'waiting';
