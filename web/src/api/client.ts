/** Asks the service: one place for headers, languages, patience and errors. */
import { Unreachable, problemOf } from './problems';

export interface Asked {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Idempotency-Key: the same for the same intention. */
  key?: string;
  /** If-Match: the version that was displayed. */
  version?: number;
  query?: Record<string, string | number | boolean | undefined>;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** How long an answer may take, when that is more than usual. */
  patienceMs?: number;
}

export interface Answered<Body> {
  status: number;
  body: Body;
}

export interface ClientOptions {
  /** How a request is sent: the browser's `fetch` unless a test gives its own. */
  fetch?: typeof fetch;
  /** The reader's language, asked at each request. */
  language: () => string;
  /** A link's token, for pages whose reader did not sign in. */
  bearer?: string;
  /** Where the service is, when it is not where the page came from. */
  origin?: string;
  patienceMs?: number;
}

const PATIENCE_MS = 20_000;
/** What no keyboard writes and no service stores: it came along with something pasted. */
const UNWRITTEN = /\0|\p{Surrogate}/gu;

export class Client {
  readonly #fetch: typeof fetch;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /**
   * Send a request and give what came back.
   *
   * @throws Problem the service refused it. @throws Unreachable nobody answered, or not in time.
   */
  async ask<Body>(path: string, asked: Asked = {}): Promise<Answered<Body>> {
    const response = await this.send(path, asked, asked.patienceMs ?? this.#options.patienceMs ?? PATIENCE_MS);
    if (!response.ok) {
      throw await problemOf(response);
    }
    if (response.status === 204) {
      return { status: 204, body: undefined as Body };
    }
    try {
      return { status: response.status, body: (await response.json()) as Body };
    } catch (cause) {
      throw new Unreachable('the answer did not arrive whole', { cause });
    }
  }

  async get<Body>(path: string, query?: Asked['query']): Promise<Body> {
    const { body } = await this.ask<Body>(path, query === undefined ? {} : { query });
    return body;
  }

  /** Open a stream; it lasts as long as its signal and the network let it. */
  async stream(path: string, asked: Asked): Promise<Response> {
    const response = await this.send(path, asked, null);
    if (!response.ok) {
      throw await problemOf(response);
    }
    return response;
  }

  private async send(path: string, asked: Asked, patienceMs: number | null): Promise<Response> {
    const signals = [
      ...(asked.signal === undefined ? [] : [asked.signal]),
      ...(patienceMs === null ? [] : [AbortSignal.timeout(patienceMs)]),
    ];
    const init: RequestInit = {
      method: asked.method ?? 'GET',
      headers: this.#headers(asked),
      // The cookie goes to our own origin only; a link's page has none to send.
      credentials: this.#options.bearer === undefined ? 'same-origin' : 'omit',
      cache: 'no-store',
      redirect: 'error',
    };
    if (asked.body !== undefined) {
      init.body = JSON.stringify(asked.body, (_, value: unknown) => (typeof value === 'string' ? value.replace(UNWRITTEN, '') : value));
    }
    if (signals.length > 0) {
      init.signal = AbortSignal.any(signals);
    }
    try {
      return await this.#fetch(`${this.#options.origin ?? ''}${path}${search(asked.query)}`, init);
    } catch (cause) {
      throw new Unreachable(`${path} cannot be reached`, { cause });
    }
  }

  #headers(asked: Asked): Record<string, string> {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'Accept-Language': this.#options.language(),
      ...asked.headers,
    };
    if (asked.method !== undefined && asked.method !== 'GET') {
      headers['Content-Type'] = 'application/json';
      headers['X-Parcours-Console'] = '1';
    }
    if (asked.key !== undefined) {
      headers['Idempotency-Key'] = asked.key;
    }
    if (asked.version !== undefined) {
      headers['If-Match'] = `"${asked.version}"`;
    }
    if (this.#options.bearer !== undefined) {
      headers['Authorization'] = `Bearer ${this.#options.bearer}`;
      delete headers['X-Parcours-Console'];
    }
    return headers;
  }
}

function search(query: Asked['query']): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
