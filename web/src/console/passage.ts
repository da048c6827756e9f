/** Where one may go within the contact that is shown: lines of its history, and questions that come. */
import type { Line, View } from '../api/types';
import { shapeOf } from '../fields/shape';
import { bare } from '../fields/typed/day';
import { lineOf } from '../fields/lines';
import type { Learnt } from './around.svelte';
import { type Ahead, isOnePart } from './understand';

/** The contact that is shown, as the palette goes about in it. */
export interface Contact {
  view: View;
  learnt: readonly Learnt[];
  ahead: readonly Ahead[];
  /** Show a line of the history: look back at it where that may be, else point at it. */
  look: (line: Line) => void;
  /** Begin an answer to a question that comes. */
  answer: (name: string) => void;
}

/** What people answered or passed over: what systems did is read, and not given again. */
const PEOPLE = ['answered', 'skipped', 'none', 'none_of_these', 'by_hand', 'known'];

export const canLook = (line: Line, view: View | null): boolean =>
  line.left_at !== null && line.how !== null && PEOPLE.includes(line.how) && (view?.commands.includes('back') ?? false);

/** What was answered at a line, as people read it. */
export const answerOf = (line: Line): string => Object.values(line.shown).join(' · ');

/** The lines that hold every word of a search, in their title, question or answer; the latest first. */
export function passed(contact: Contact, words: string): Line[] {
  const labels = (line: Line): string => contact.learnt.filter((one) => one.visit === line.visit).map((one) => one.label).join(' ');
  return contact.view.history
    .filter((line) => !line.undone && holds(`${line.title} ${labels(line)} ${answerOf(line)}`, words))
    .reverse();
}

/** The questions that come and hold every word, where an answer may be given beforehand. */
export function coming(contact: Contact, words: string): Ahead[] {
  if (!contact.view.commands.includes('provide') || contact.view.focus !== null) return [];
  const isGiven = (one: Ahead): boolean => shapeOf(one) === 'options' || lineOf(one) !== undefined;
  return contact.ahead.filter((one) => !one.now && isGiven(one) && holds(one.label ?? one.name, words));
}

/** How an answer to a question begins in the line that takes several: its label, where that is one part. */
export function opening(question: Ahead): string {
  const label = (question.label ?? '').replace(/\s*[?:]\s*$/u, '');
  return `${label !== '' && isOnePart(label) ? label : question.name}: `;
}

function holds(text: string, words: string): boolean {
  const held = bare(text);
  return words.split(/\s+/u).every((word) => held.includes(word));
}
