/** The contract's structures by the names the pages use; where the contract is loose, what is relied on. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Values = Record<string, Json>;

/** Values are any JSON: the contract leaves them open, and says at each question which are valid. */
type Valued<Shape, Names extends keyof Shape> = Omit<Shape, Names> & Record<Names, Json>;

export type Known = Valued<Schemas['Known'], 'value'>;
export type Field = Valued<Omit<Schemas['Question'], 'known'>, 'offered' | 'suggested' | 'value' | 'default'> & { known: Known | null };
export type Form = Schemas['Form'];
export type Option = Schemas['Choice'];
/** A question that may still come. */
export type Asked = Schemas['Asked'];
export type Saying = Schemas['Saying'];
export type Line = Schemas['Visited'];
export type Step = Schemas['Step'];
export type View = Omit<Schemas['View'], 'fields'> & { fields: Field[] };
export type SaidIncident = Schemas['SaidIncident'];
export type Incident = Schemas['Incident'];
export type IncidentContent = Schemas['IncidentContent'];
export type EarlierContact = Schemas['EarlierContact'];

export interface Promised {
  what: string;
  due?: string | number | null;
  by?: string | null;
}

/** A command as it is posted: its type and what that type takes. */
export interface Command {
  type: string;
  [field: string]: unknown;
}

export interface Unused {
  name: string;
  value: Json;
  code: string;
  message: Record<string, string>;
}

/** What an amend would change. */
export interface Foreseen {
  allowed: boolean;
  code: string | null;
  message: Record<string, string> | string | null;
  at: string | null;
  outcome: string | null;
  pruned: Passed[];
  restored: Passed[];
  asked_again: Passed[];
  effects: ForeseenEffect[];
  barriers: Passed[];
}

export interface Passed {
  visit: number;
  step: string;
  run: string;
  values: Values | null;
}

export interface ForeseenEffect {
  effect: string;
  operation: string;
  step: string;
  status: string;
  choices: ('compensate' | 'keep')[];
}

export interface Code {
  code: string;
  label: string;
  visit: number;
  step: string;
  principal: boolean;
  by_hand?: boolean;
  after_failure?: boolean;
}

export interface Axes {
  declaration: Code[];
  qualification: Code[];
  action: Code[];
  not_reached: string[];
  undone: Code[];
}

export interface Spoken {
  at: number;
  by: string | null;
  what: string;
  visit?: number;
  step?: string;
  title?: string;
  shown?: Record<string, string>;
  text?: string;
  due?: string | number | null;
  undone?: boolean;
}

export interface Journey {
  id: string;
  title: string | null;
  library: string;
  number: number;
  audiences: string[];
  languages: string[];
  channels: string[];
}

export interface Found {
  kind: 'journey' | 'motive' | 'step';
  id: string;
  journey: string | null;
  title: string;
  score: number;
}

export interface Suggested {
  code: string;
  label: string;
  score: number;
  journey: string | null;
  matched?: string;
}

export interface Persona {
  id: string;
  name: string;
  role: string;
}

export interface SignInOptions {
  personas: Persona[];
  oidc: { label: string } | null;
}

export interface Me {
  tenant: string;
  role: string;
  id: string;
  name: string;
  language: string;
  permissions: string[];
  signed_in_at: number | string | null;
  idle_until: number | string | null;
  ends_at: number | string | null;
  preferences: Record<string, unknown>;
}

/** Who a session's customer may be as well, and why. */
export interface LookAlike {
  customer: string;
  name: string | null;
  keys: { kind: string; value: string }[];
  reasons: { what: string; kind: string }[];
}

export interface LookAlikes {
  customer: string | null;
  items: LookAlike[];
  /** The records that are one with the customer by now. */
  merged: { id: string; into: string; keys: { kind: string; value: string }[] }[];
}

/** One line of a list of sessions. */
export interface Listed {
  id: string;
  journey: string;
  title: string | null;
  status: View['status'];
  version: number;
  step: string | null;
  step_title?: string | null;
  /** Who the customer is, and what it is about, as far as the service knows. */
  who?: string | null;
  about?: string[];
  channel: string;
  audience: string;
  actor: string;
  contact: string | null;
  ticket: string | null;
  customer: string | null;
  started_at: number;
  updated_at: number;
  waiting: 'transfer' | 'hand_over' | 'consult' | null;
  /** Of what waits for one's teams: what is asked, of whom, by whom, with which question. */
  asked?: { what: string; to: string; by: string | null; at: number; question: string | null };
  motives?: { code: string; label: string }[];
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}
