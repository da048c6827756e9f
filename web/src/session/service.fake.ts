/** A service for tests: it keeps versions and keys as the real one does, and fails when told to. */
import { Client } from '../api/client';
import type { Command, Field, View } from '../api/types';

type Failure = 'lost-request' | 'lost-answer' | 'signed-out' | 503 | 422 | 500;

export interface Request {
  method: string;
  path: string;
  key: string | null;
  version: string | null;
  body: Command | null;
}

export function field(name: string, more: Partial<Field> = {}): Field {
  return {
    name, type: 'text', label: name, help: null, options: [], required: true, skippable: false,
    sensitive: false, known: null, offered: null, suggested: null, value: null, default: null,
    valid: {}, ...more,
  } as Field;
}

export class FakeService {
  /** Questions in order; the visit's number is its place, from 1. */
  readonly steps: Field[][];
  version = 1;
  at = 0;
  notes: string[] = [];
  answers: unknown[] = [];
  by: (string | null)[] = [];
  readonly requests: Request[] = [];
  /** What befalls the next requests, in order. */
  failures: Failure[] = [];
  readonly #done = new Map<string, string>();

  constructor(...steps: Field[][]) {
    this.steps = steps;
  }

  get client(): Client {
    return new Client({ fetch: (input, init) => this.#serve(String(input), init ?? {}), language: () => 'en' });
  }

  get commands(): Request[] {
    return this.requests.filter((request) => request.method === 'POST');
  }

  view(): View {
    return {
      session: 'ses_1', status: this.at < this.steps.length ? 'active' : 'ended', outcome: null,
      version: this.version, journey: { id: 'j', title: 'J' }, audience: 'advisor', language: 'en',
      channel: 'phone', focus: null, say: [], do: null, fields: this.steps[this.at] ?? [],
      step: this.at < this.steps.length
        ? { id: `s${this.at}`, kind: 'ask', title: `Step ${this.at}`, visit: this.at + 1, run: 'main',
            journey: 'j', by_hand: false, time: null, target_ms: null }
        : null,
      commands: ['answer', 'provide', 'note', 'hold'], progress: {}, not_reached: [], unsaid: ['declaration', 'qualification', 'action'],
      pilot: null, goes_on: null, recap: null,
      codes: { declaration: [], qualification: [], action: [] },
      history: this.by.map((by, index) => ({
        visit: index + 1, step: `s${index}`, title: `Step ${index}`, kind: 'ask', run: 'main', at: 0,
        left_at: 0, how: 'answered', by, values: {}, shown: {}, source: null, codes: [], undone: false,
      })),
      history_left_out: 0, pending: null, attention: [], late: [], wait: null, transfer: null, offers_unused: [],
      promises: [], notes: this.notes.length, held: false, marks: [], failure: null, incidents: [],
    } as View;
  }

  /** What a colleague does meanwhile. */
  colleagueAnswers(by = 'advisor:bruno'): void {
    this.at += 1;
    this.by.push(by);
    this.version += 1;
  }

  /** Something that moves the version and leaves the question as it is. */
  colleagueOffersAnAnswer(): void {
    this.version += 1;
  }

  #serve(address: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const request: Request = {
      method: init.method ?? 'GET',
      path: address,
      key: headers.get('idempotency-key'),
      version: headers.get('if-match'),
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as Command) : null,
    };
    this.requests.push(request);
    const failure = this.failures.shift();
    if (failure === 'lost-request') {
      return Promise.reject(new TypeError('Failed to fetch'));
    }
    if (failure === 'signed-out') {
      return Promise.resolve(problem(401, 'access.unauthenticated'));
    }
    if (failure === 503 || failure === 500) {
      return Promise.resolve(problem(failure, 'service.busy'));
    }
    if (failure === 422) {
      return Promise.resolve(problem(422, 'request.wrong', { errors: { a: { code: 'x', message: 'No.' } } }));
    }
    const answer = this.#answer(request);
    return failure === 'lost-answer' ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(answer);
  }

  #answer(request: Request): Response {
    if (request.method === 'GET' || request.body === null || request.key === null) {
      return json(200, this.view());
    }
    const before = this.#done.get(request.key);
    if (before !== undefined) {
      return new Response(before, { status: 200 });
    }
    const beside = ['note', 'hold'].includes(request.body.type);
    if (!beside && request.version !== `"${this.version}"`) {
      return problem(412, 'session.stale', { view: this.view() });
    }
    if (beside) {
      this.notes.push(String(request.body['text']));
    } else if (request.body.type === 'answer') {
      this.answers.push(request.body['values']);
      this.at += 1;
      this.by.push('advisor:ana');
      this.version += 1;
    } else {
      this.answers.push({ provided: request.body['values'] });
      this.version += 1;
    }
    const body = JSON.stringify(this.view());
    this.#done.set(request.key, body);
    return new Response(body, { status: 200 });
  }
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

function problem(status: number, code: string, more: Record<string, unknown> = {}): Response {
  return json(status, { type: `urn:parcours:problem:${code}`, title: code, detail: code, status, code, ...more });
}
