/** What can go wrong with a request: the service refuses it, or cannot be reached. */
import type { View } from './types';

export interface Wrong {
  code: string;
  message: string;
}

/** An answer of the service that is not a success: RFC 9457, in the reader's language. */
export class Problem extends Error {
  override name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: Readonly<Record<string, Wrong>> = {},
    readonly params: Readonly<Record<string, unknown>> = {},
    readonly view: View | null = null,
    readonly retryAfterMs: number | null = null,
    readonly trace: string | null = null,
  ) {
    super(`${code}: ${title}`);
  }

  /** Whether the same request, sent again with its key, may well succeed. */
  get isPassing(): boolean {
    return (
      this.code === 'idempotency.running' ||
      [408, 425, 429, 500, 502, 503, 504, 507].includes(this.status)
    );
  }
}

/** The service could not be reached, or its answer did not come whole. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

/** Read a problem from an answer, whoever wrote it: a proxy in between may answer with a page. */
export async function problemOf(response: Response): Promise<Problem> {
  let said: Record<string, unknown> = {};
  try {
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null) {
      said = body as Record<string, unknown>;
    }
  } catch {
    // Not ours: its status says enough.
  }
  const text = (name: string): string => (typeof said[name] === 'string' ? said[name] : '');
  return new Problem(
    response.status,
    text('code') || `http.${response.status}`,
    text('title'),
    text('detail'),
    (said['errors'] as Record<string, Wrong> | undefined) ?? {},
    (said['params'] as Record<string, unknown> | undefined) ?? {},
    (said['view'] as View | undefined) ?? null,
    retryAfter(response.headers.get('retry-after')),
    text('trace_id') || null,
  );
}

function retryAfter(given: string | null): number | null {
  if (given === null || !/^\d{1,6}$/.test(given)) {
    return null;
  }
  return Number(given) * 1000;
}
