/** News of a session: its event stream, and looking now and then where no stream comes through. */
import type { Client } from '../api/client';
import { Problem } from '../api/problems';
import { waitMs } from './backoff';

export interface News {
  seq: number;
  kind: string;
  by: string | null;
}

export interface LiveOptions {
  /** Something happened; `null` when only a look can tell. */
  onNews: (news: News | null) => void;
  /** The service no longer knows who we are. */
  onSignedOut: () => void;
  signal: AbortSignal;
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Streams that failed this often in a row without a word: looking replaces them for a while. */
const PATIENCE = 2;
const LOOK_EVERY_MS = 4_000;
const LOOKS = 15;

/**
 * Follow a session after an event's number until the signal says so.
 *
 * A stream that breaks is opened again where it ended.
 */
export async function follow(client: Client, session: string, after: number, options: LiveOptions): Promise<void> {
  let last = after;
  await listen(client, `/v1/sessions/${session}/events/stream`, {
    ...options,
    headers: () => ({ 'Last-Event-ID': String(last) }),
    onEvent: ({ id, data }) => {
      if (id === null || id > last) {
        last = id ?? last;
        options.onNews(newsOf(id ?? last, data));
      }
    },
    onLook: () => options.onNews(null),
  });
}

export interface ListenOptions extends Pick<LiveOptions, 'onSignedOut' | 'signal' | 'pause'> {
  headers?: () => Record<string, string>;
  onEvent: (event: { id: number | null; data: string }) => void;
  /** Nothing comes through: only a look can tell. */
  onLook: () => void;
}

/**
 * Listen to a stream of events until the signal says so.
 *
 * One that breaks is opened again; where none comes through (a proxy that holds answers back), it is
 * looked every few seconds, and a stream is tried again later.
 */
export async function listen(client: Client, path: string, options: ListenOptions): Promise<void> {
  const pause = options.pause ?? sleep;
  const { signal } = options;
  let failures = 0;
  while (!signal.aborted) {
    let heard = false;
    try {
      const headers = { Accept: 'text/event-stream', ...options.headers?.() };
      const response = await client.stream(path, { signal, headers });
      for await (const event of eventsOf(response)) {
        heard = true;
        failures = 0;
        options.onEvent(event);
      }
    } catch (error) {
      if (error instanceof Problem && !error.isPassing) {
        if (error.status === 401) {
          options.onSignedOut();
        }
        return;
      }
    }
    failures += heard ? 0 : 1;
    if (failures > PATIENCE) {
      for (let look = 0; look < LOOKS && !signal.aborted; look += 1) {
        await pause(LOOK_EVERY_MS, signal);
        if (!signal.aborted) {
          options.onLook();
        }
      }
    } else {
      await pause(waitMs(failures, null), signal);
    }
  }
}

function newsOf(seq: number, data: string): News {
  try {
    const said = JSON.parse(data) as { kind?: unknown; by?: unknown };
    return {
      seq,
      kind: typeof said.kind === 'string' ? said.kind : '',
      by: typeof said.by === 'string' ? said.by : null,
    };
  } catch {
    return { seq, kind: '', by: null };
  }
}

/** Read a stream of server-sent events, as the HTML standard has them. */
export async function* eventsOf(response: Response): AsyncGenerator<{ id: number | null; data: string }> {
  if (response.body === null) {
    return;
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== null) {
          yield event;
        }
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): { id: number | null; data: string } | null {
  let id: number | null = null;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^(id|data): ?(.*)$/.exec(line) ?? [];
    if (name === 'id' && value !== undefined && /^\d{1,15}$/.test(value)) {
      id = Number(value);
    } else if (name === 'data' && value !== undefined) {
      data.push(value);
    }
  }
  return data.length === 0 ? null : { id, data: data.join('\n') };
}

export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
