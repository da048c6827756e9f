/** What surrounds a session, read when something of it may have changed. */
import type { Json, Values, View } from '../api/types';
import { app } from './app.svelte';
import type { Ahead } from './understand';

export interface Learnt {
  name: string;
  label: string;
  shown: string | null;
  value: Json;
  visit: number;
  at: number | null;
  source: string | null;
  sensitive: boolean;
}

export interface Action {
  effect: string;
  operation: string;
  title: string;
  visit: number;
  status: string;
  reason: string | null;
  behind: boolean;
  /** The action that it undoes. */
  compensates: string | null;
}

export interface Ticket {
  id: string;
  status: string;
  motive: string | null;
  motive_label?: string | null;
  opened_at: number;
  sessions: string[];
  contacts?: { inbound: number; internal: number };
  expected?: number | null;
  why?: { what: string; reason: string; text: string } | null;
  /** What one key puts in its place: another ticket's id, or `new`. */
  instead?: string | null;
  open_sessions?: { id: string; status: string; step_title: string | null }[];
}

export interface Around {
  session: string;
  started_at: number;
  ended_at: number | null;
  by: string | null;
  words: string | null;
  inputs: Values;
  contact: { id: string; channel: string; status: string } | null;
  ticket: Ticket | null;
  customer: { id: string; keys: { kind: string; value: string }[]; facts: Record<string, { value: Json; source?: string; at?: number }> } | null;
  /** What the customer is called, once a fact or a system told it. */
  customer_name?: string | null;
  learnt: Learnt[];
  notes: { text: string; at?: number; by?: string }[];
  promises: { number: number; what: string; due?: number | null; begins?: number | null; team?: string | null; state: string }[];
  consulting: string | null;
  /** The side call that goes on; `accepted` is null until somebody of its team says. */
  side_call?: { team: string; question: string | null; by: string | null; accepted: boolean | null; reason: string | null } | null;
  /** The customer's own advisor, by the name they sign in with. */
  own_advisor?: string | null;
  actions: Action[];
  teams: { id: string; title: string }[];
  /** Teams that call back and see people by appointment. */
  slot_teams?: { id: string; title: string }[];
  digressions: { id: string; title: string }[];
}

/** Who the customer is: a name, else their address, else any of their keys. */
export function nameOf(around: Around | null): string | null {
  const keys = around?.customer?.keys ?? [];
  return around?.customer_name ?? keys.find((one) => one.kind === 'email')?.value ?? keys[0]?.value ?? null;
}

export class Surroundings {
  around = $state.raw<Around | null>(null);
  questions = $state.raw<Ahead[]>([]);
  #session = '';
  #read: View | null = null;
  #language = '';

  /** Read again when the session was: what ends behind talk moves nothing, and is to be seen here. */
  async look(view: View): Promise<void> {
    const { session } = view;
    if (view === this.#read && app.language === this.#language) {
      return;
    }
    if (session !== this.#session) {
      this.around = null;
      this.questions = [];
    }
    await this.#ask(view);
  }

  /** Read again what is known of the same state: somebody said more of the customer. */
  async again(): Promise<void> {
    if (this.#read !== null) await this.#ask(this.#read);
  }

  async #ask(view: View): Promise<void> {
    const { session } = view;
    this.#session = session;
    this.#read = view;
    this.#language = app.language;
    const query = { language: app.language };
    const asked = [
      app.client.get<Around>(`/v1/sessions/${session}/surroundings`, query).then((around) => {
        if (this.#session === session) {
          this.around = around;
        }
      }),
      app.client.get<{ items: Ahead[] }>(`/v1/sessions/${session}/questions`, query).then(({ items }) => {
        if (this.#session === session) {
          this.questions = items;
        }
      }),
    ];
    const done = await Promise.allSettled(asked);
    if (done.some((one) => one.status === 'rejected')) {
      // The step itself says that the service is away; the next change reads anew.
      this.#read = null;
    }
  }
}
