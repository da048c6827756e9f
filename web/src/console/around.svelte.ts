/** What surrounds a session, read when something of it may have changed. */
import type { Json, Values } from '../api/types';
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
}

export interface Around {
  session: string;
  started_at: number;
  ended_at: number | null;
  by: string | null;
  words: string | null;
  inputs: Values;
  contact: { id: string; channel: string; status: string } | null;
  ticket: { id: string; status: string; motive: string | null; opened_at: number; sessions: string[] } | null;
  customer: { id: string; keys: { kind: string; value: string }[]; facts: Record<string, { value: Json; source?: string; at?: number }> } | null;
  learnt: Learnt[];
  notes: { text: string; at?: number; by?: string }[];
  promises: { what: string; due?: number | null; by?: string | null }[];
  consulting: string | null;
  actions: Action[];
  teams: { id: string; title: string }[];
  digressions: { id: string; title: string }[];
}

export class Surroundings {
  around = $state.raw<Around | null>(null);
  questions = $state.raw<Ahead[]>([]);
  #session = '';
  #read = '';

  /** Read again when the session, its version, its notes or the language changed. */
  async look(session: string, version: number, beside: string): Promise<void> {
    const now = `${session}/${version}/${beside}/${app.language}`;
    if (now === this.#read) {
      return;
    }
    if (session !== this.#session) {
      this.around = null;
      this.questions = [];
    }
    this.#session = session;
    this.#read = now;
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
      this.#read = '';
    }
  }
}
