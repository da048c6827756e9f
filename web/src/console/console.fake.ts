/** The console for tests: somebody signed in, a session, a service behind that notes what it is asked. */
import axe from 'axe-core';
import { configure, render } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect } from 'vitest';
import type { Command, Field, Journey, Listed, View } from '../api/types';
import type { Language } from '../texts/format';
import { app } from './app.svelte';
import type { Around } from './around.svelte';
import Console from './Console.svelte';
import { ui } from './ui.svelte';

export const user = userEvent.setup();
configure({ asyncUtilTimeout: 10_000 });

// What jsdom has not: a layout to scroll, and dialogs.
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = () => undefined;
window.scrollTo = () => undefined;
HTMLDialogElement.prototype.showModal = function showModal(this: HTMLDialogElement) {
  this.open = true;
  this.querySelector<HTMLElement>('[autofocus]')?.focus();
};
HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
  if (!this.open) return;
  this.open = false;
  this.dispatchEvent(new Event('close'));
};

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown> | null;
  version: string | null;
}

type Answer = object | Response;
type Route = [pattern: RegExp, answer: (asked: Asked) => Answer | Promise<Answer>];

export const ADVISOR = {
  tenant: 'main', role: 'advisor', id: 'ana', name: 'Ana Martin', language: 'fr', permissions: ['session.read', 'session.list'],
  signed_in_at: 0, idle_until: null, ends_at: null, preferences: {},
};

export const JOURNEYS: Journey[] = [
  { id: 'parcel', title: 'Suivi de livraison' }, { id: 'refund', title: 'Remboursement' }, { id: 'line', title: 'Panne d’internet' },
].map((one) => ({ ...one, library: 'l', number: 1, audiences: ['advisor'], languages: ['fr', 'en'], channels: ['phone'] }));

export function problem(status: number, code: string, more: object = {}): Response {
  const said = { type: `urn:parcours:problem:${code}`, title: code, detail: code, status, code, ...more };
  return new Response(JSON.stringify(said), { status, headers: { 'content-type': 'application/problem+json' } });
}

export function viewOf(session: string, more: Partial<View> = {}): View {
  return {
    session, status: 'active', outcome: null, version: 1, journey: { id: 'parcel', title: 'Suivi de livraison' },
    audience: 'advisor', language: 'fr', channel: 'phone', focus: null, say: [], do: null, fields: [],
    step: { id: 's1', kind: 'ask', title: 'La plainte', visit: 1, run: 'main', journey: 'parcel', by_hand: false, time: null, target_ms: null },
    commands: [
      'answer', 'provide', 'acknowledge', 'none_of_these', 'skip', 'back', 'amend', 'hold', 'mark', 'consult', 'transfer', 'hand_over',
      'promise', 'note', 'flag', 'finish', 'cancel', 'pause', 'digress',
    ],
    progress: {}, not_reached: [], unsaid: ['declaration', 'qualification', 'action'], pilot: null, goes_on: null, recap: null,
    codes: { declaration: [], qualification: [], action: [] }, history: [], history_left_out: 0, pending: null, attention: [],
    late: [], wait: null, transfer: null, offers_unused: [], promises: [], notes: 0, held: false, marks: [], failure: null,
    incidents: [], ...more,
  } as View;
}

export function aroundOf(session: string, more: Partial<Around> = {}): Around {
  return {
    session, started_at: Date.UTC(2026, 9, 1, 9, 30), ended_at: null, by: 'advisor:ana', words: null, inputs: {}, contact: null, ticket: null,
    customer: null, learnt: [], notes: [], promises: [], consulting: null, actions: [],
    teams: [{ id: 'team:billing', title: 'Facturation' }], digressions: [], ...more,
  } as Around;
}

export function listed(id: string, more: Partial<Listed> = {}): Listed {
  return {
    id, journey: 'parcel', title: 'Suivi de livraison', status: 'active', version: 1, step: null, channel: 'phone', audience: 'advisor',
    actor: 'advisor:ana', contact: null, ticket: null, customer: null, started_at: Date.now(), updated_at: Date.now(), waiting: null, ...more,
  };
}

export const option = (id: string, label = id): Field['options'][number] => ({ id, label, short: null });

let sessions = 0;

/** What stands behind the page. A test sets what it shows, and looks at what it was asked. */
export class Service {
  readonly session = `ses_${(sessions += 1)}`;
  readonly asked: Asked[] = [];
  readonly #routes: Route[] = [];
  view: View = viewOf(this.session);
  around: Around = aroundOf(this.session);
  ahead: object[] = [];
  mine: Listed[] = [];
  waiting: Listed[] = [];
  forTeams: Listed[] = [];
  me: object = ADVISOR;
  #told: Uint8Array[] = [];
  #heard: () => void = () => undefined;
  /** What somebody changed of the wrap-up. */
  wrapUp = { summary: null, next: null, version: 0, at: null as number | null, by: null as string | null };
  /** What the customer had before. */
  earlier: object[] = [];

  /** Answer otherwise to what fits, the latest first: `POST /v1/sessions`. */
  on(pattern: RegExp, answer: Route[1]): void {
    this.#routes.unshift([pattern, answer]);
  }

  /** The commands brought, in order. */
  get commands(): Command[] {
    return this.asked.filter((one) => one.path.endsWith('/commands')).map((one) => one.body as Command);
  }

  /** Tell the page something of what waits for its reader's teams. */
  hear(news: object): void {
    this.#told.push(new TextEncoder().encode(`event: x\ndata: ${JSON.stringify(news)}\n\n`));
    this.#heard();
  }

  /** A stream that goes on: jsdom has none. */
  #streaming(): Response {
    this.#told = [];
    this.hear({ kind: 'snapshot', items: this.forTeams, more: false });
    const read = async (): Promise<object> => {
      while (this.#told.length === 0) await new Promise<void>((resolve) => { this.#heard = resolve; });
      return { done: false, value: this.#told.shift() };
    };
    const body = { getReader: () => ({ read, cancel: () => Promise.resolve() }) };
    return { ok: true, status: 200, body } as unknown as Response;
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const url = new URL(String(input), 'https://parcours.example');
    const asked: Asked = {
      method: init.method ?? 'GET',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : null,
      version: new Headers(init.headers).get('if-match'),
    };
    this.asked.push(asked);
    const name = `${asked.method} ${asked.path}`;
    if (asked.path === '/v1/waiting/stream') return this.#streaming();
    if (asked.path.endsWith('/stream')) return new Promise<Response>(() => undefined);
    const route = this.#routes.find(([pattern]) => pattern.test(name));
    const answer = route === undefined ? this.#usual(asked) : await route[1](asked);
    return answer instanceof Response ? answer : new Response(JSON.stringify(answer), { status: 200 });
  };

  #usual({ path, query, method, body }: Asked): Answer {
    const here = `/v1/sessions/${this.session}`;
    if (path === '/v1/me') return this.me;
    if (path === '/v1/sign-in/options') return { personas: [], oidc: null };
    if (path === '/v1/journeys') return { items: JOURNEYS, next: null };
    if (path === '/v1/sessions' && method === 'GET') return { items: query.has('mine') ? this.mine : this.waiting, next: null };
    if (path === '/v1/sessions') return { session: this.session, view: this.view };
    if (path === '/v1/search' || path === '/v1/declarations:suggest') return { items: [] };
    if (path === here) return this.view;
    if (path === `${here}/surroundings`) return this.around;
    if (path === `${here}/questions`) return { items: this.ahead };
    if (path === `${here}/wrap-up`) {
      if (method === 'PUT') this.wrapUp = { ...this.wrapUp, ...body, version: this.wrapUp.version + 1, at: Date.now(), by: 'advisor:ana' };
      return this.wrapUp;
    }
    if (path.startsWith('/v1/customers/')) return { items: this.earlier };
    if (path === `${here}/trace`) return { declaration: [], qualification: [], action: [], not_reached: [], undone: [] };
    if (path === `${here}/commands`) {
      this.view = { ...this.view, version: this.view.version + 1 };
      return this.view;
    }
    return method === 'GET' ? problem(404, 'http.404') : {};
  }
}

/** Show the console at an address, as somebody who reads that language. */
export async function show(service: Service, path: string, language: Language = 'fr'): Promise<void> {
  ui.close();
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', path);
  globalThis.fetch = service.fetch;
  service.me = { ...service.me, preferences: { language, ...(service.me as typeof ADVISOR).preferences } };
  app.call = null;
  app.fault = null;
  app.me = undefined;
  app.journeys = [];
  app.language = language;
  render(Console);
  await expect.poll(() => app.me ?? app.fault ?? app.route.page === 'sign-in').toBeTruthy();
}

/** Show the session of a service. */
export async function contact(service: Service, language: Language = 'fr'): Promise<void> {
  await show(service, `/s/${service.session}`, language);
  await expect.poll(() => document.querySelector('h1')?.textContent ?? '').not.toBe('');
}

/** What axe finds on the page as it stands; jsdom has no colours. */
export async function findings(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}
