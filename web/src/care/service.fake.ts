/** A service in small, for a customer's link: it keeps one session, its keys and its versions. */
import type { Command, Field, View } from '../api/types';

export interface Seen {
  method: string;
  path: string;
  bearer: string | null;
  key: string | null;
  body: Command | null;
}

export function question(name: string, more: Partial<Omit<Field, 'form'>> & { form?: object } = {}): Field {
  return {
    name, type: 'text', label: name, help: null, options: [], required: true, skippable: false,
    sensitive: false, known: null, offered: null, suggested: null, value: null, default: null,
    valid: {}, form: {}, ...more,
  } as Field;
}

const COMMANDS = ['answer', 'provide', 'none_of_these', 'back', 'ask_human', 'pause', 'note', 'cancel'];

export class LinkService {
  seen: Seen[] = [];
  /** What befalls the next requests, in order: nothing, a status, a request lost. */
  failures: (number | 'none' | 'lost' | { status: number; code: string })[] = [];
  link: { journey: string | null; session: string | null; language: string | null } = {
    journey: 'j', session: null, language: 'fr',
  };
  at = 0;
  version = 1;
  status: View['status'] = 'active';
  pending: View['pending'] = null;
  transfer: View['transfer'] = null;
  answers: Record<string, unknown>[] = [];
  opinions: Record<string, unknown>[] = [];
  readonly #done = new Map<string, string>();

  constructor(readonly steps: Field[][], readonly say: string[] = []) {}

  fetch: typeof fetch = (input, init = {}) => {
    const url = new URL(String(input), 'https://parcours.example');
    const headers = new Headers(init.headers);
    const seen: Seen = {
      method: init.method ?? 'GET',
      path: url.pathname,
      bearer: headers.get('authorization'),
      key: headers.get('idempotency-key'),
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as Command) : null,
    };
    this.seen.push(seen);
    const failure = this.failures.shift();
    if (failure === 'lost') return Promise.reject(new TypeError('Failed to fetch'));
    if (typeof failure === 'number') return Promise.resolve(problem(failure, `http.${failure}`));
    if (typeof failure === 'object') return Promise.resolve(problem(failure.status, failure.code));
    return Promise.resolve(this.#answer(seen));
  };

  get commands(): Command[] {
    return this.seen.flatMap((one) => (one.path.endsWith('/commands') && one.body ? [one.body] : []));
  }

  view(): View {
    const fields = this.steps[this.at] ?? [];
    const isOver = this.at >= this.steps.length;
    return {
      session: 'ses_1', status: isOver ? 'ended' : this.status, outcome: isOver ? 'resolved' : null,
      version: this.version, journey: { id: 'j', title: 'Suivi' }, audience: 'customer', language: 'fr',
      channel: 'web', focus: null, do: null, fields: this.status === 'paused' ? [] : fields,
      say: this.say[this.at] === undefined ? [] : [
        { visit: this.at + 1, step: `s${this.at}`, text: this.say[this.at], goal: null, verbatim: false },
      ],
      step: isOver ? null : {
        id: `s${this.at}`, kind: 'ask', title: `Étape ${this.at}`, visit: this.at + 1, run: 'main', journey: 'j',
        by_hand: false, time: null, target_ms: null,
      },
      commands: isOver ? ['note'] : this.status === 'paused' ? ['resume'] : COMMANDS,
      progress: {}, not_reached: [], unsaid: ['declaration', 'qualification', 'action'],
      pilot: null, goes_on: null, recap: null, history_left_out: 0, pending: this.pending, wait: null, transfer: this.transfer,
      codes: { declaration: ['livraison'], qualification: ['avarie'], action: [] },
      history: this.answers.map((values, at) => ({
        visit: at + 1, step: `s${at}`, title: `Étape ${at}`, kind: 'ask', run: 'main', at: 0, left_at: 0,
        how: 'answered', by: 'customer', values, source: null, codes: [], undone: false,
        shown: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
      })),
      offers_unused: [], promises: [], notes: 0, held: false, marks: [], failure: null, incidents: [],
    } as unknown as View;
  }

  #answer({ method, path, key, body }: Seen): Response {
    if (path === '/v1/link') return json(200, { ...this.link, expires_at: 0 });
    if (method === 'GET') return json(200, this.view());
    const before = this.#done.get(key ?? '');
    if (before !== undefined) return new Response(before, { status: 200 });
    if (path.endsWith('/opinion')) {
      this.opinions.push(body as unknown as Record<string, unknown>);
      return this.#keep(key, {});
    }
    if (path === '/v1/sessions') return this.#keep(key, { session: 'ses_1', view: this.view() });
    const values = (body?.['values'] ?? {}) as Record<string, unknown>;
    const wrong = Object.entries(values).find(([, value]) => value === 'faux');
    if (wrong !== undefined) {
      return problem(422, 'answer.refused', { errors: { [wrong[0]]: { code: 'answer.rule', message: 'Refusé ici.' } } });
    }
    this.version += 1;
    if (body?.type === 'answer') {
      this.answers.push(values);
      this.at += 1;
    }
    if (body?.type === 'pause') this.status = 'paused';
    if (body?.type === 'resume') this.status = 'active';
    if (body?.type === 'ask_human') this.transfer = { what: 'hand_over', to: 'advisor' };
    return this.#keep(key, this.view());
  }

  #keep(key: string | null, body: unknown): Response {
    const text = JSON.stringify(body);
    if (key !== null) this.#done.set(key, text);
    return new Response(text, { status: 200 });
  }
}

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });

function problem(status: number, code: string, more: object = {}): Response {
  return json(status, { type: `urn:parcours:problem:${code}`, title: code, detail: `Détail de ${code}`, status, code, ...more });
}
