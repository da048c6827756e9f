/**
 * One line, several answers, in any order: what it says, question by question.
 *
 * Only what is certain is taken: a named question, an option's words, or a text that one kind of
 * answer alone can be. What is left is shown as not understood, and nothing is accepted unseen.
 */
import type { Asked, Json } from '../api/types';
import type { Field as Question } from '../fields/field';
import { type Look, lineOf } from '../fields/lines';
import { choicesOf, shapeOf, show } from '../fields/shape';
import { bare } from '../fields/typed/day';

/** A question that may still come; `now`: it is asked at the step that is shown. */
export type Ahead = Question & Pick<Asked, 'now'>;

export interface Understood {
  question: Ahead;
  value: Json;
  shown: string;
}

export interface Line {
  understood: Understood[];
  rest: string[];
}

/** A comma between digits belongs to an amount. */
const BETWEEN = /\s*(?:;|\n|,(?!\d)|(?<!\d),|\s(?:et|and|puis|then)\s)\s*/iu;
/** An id of this many characters is no word that people say by chance, among this few. */
const SHORT = 3;
const FEW = 4;
/** These say by their form alone what they are. */
const TELLING = ['email', 'phone', 'identifier', 'money', 'date'];

/** Whether a text would be taken as one part of a line, and not as several answers. */
export const isOnePart = (text: string): boolean => !BETWEEN.test(text);

export function understand(text: string, questions: readonly Ahead[], look: Look): Line {
  const found: Understood[] = [];
  const rest: string[] = [];
  for (const part of text.split(BETWEEN).map((one) => one.trim()).filter((one) => one !== '')) {
    const free = questions.filter((one) => !found.some((other) => other.question.name === one.name));
    const understood = named(part, free, look) ?? told(part, free, look) ?? hinted(part, free, look);
    if (understood === null) {
      rest.push(part);
    } else {
      found.push(understood);
    }
  }
  return { understood: found, rest };
}

/** `order F-1042`, `e-mail: claire@…`: the question by its label or name, then its answer. */
function named(part: string, questions: readonly Ahead[], look: Look): Understood | null {
  for (const question of questions) {
    for (const name of [question.label, question.name]) {
      const length = name === null || name === undefined ? -1 : prefixed(part, name);
      if (length > 0) {
        const value = valueOf(part.slice(length).replace(/^\s*[:=]?\s*/u, ''), question, look, false);
        if (value !== null) {
          return { question, value, shown: show(question, value, look) };
        }
      }
    }
  }
  return null;
}

/** How much of a text is this name, at its beginning; -1 when it does not begin so. */
function prefixed(part: string, name: string): number {
  const wanted = bare(name).replace(/\s*[?:]\s*$/u, '');
  for (let length = 1; length < part.length; length += 1) {
    if (wanted !== '' && bare(part.slice(0, length)) === wanted && /^[\s:=]/u.test(part.slice(length))) {
      return length;
    }
  }
  return -1;
}

function told(part: string, questions: readonly Ahead[], look: Look): Understood | null {
  const ordered = [...questions.filter((one) => one.now), ...questions.filter((one) => !one.now)];
  for (const question of ordered) {
    const value = valueOf(part, question, look, true);
    if (value !== null) {
      return { question, value, shown: show(question, value, look) };
    }
  }
  return null;
}

/** `by sms`: a short id of an option among a few words, where one question alone has it or it is asked now. */
function hinted(part: string, questions: readonly Ahead[], look: Look): Understood | null {
  const words = bare(part).split(/[^\p{L}\p{N}_]+/u).filter((word) => word.length >= SHORT);
  if (words.length > FEW) return null;
  const found = questions.filter((one) => !isPlain(one) && shapeOf(one) === 'options').flatMap((question) => {
    const meant = choicesOf(question, look).filter((choice) => words.includes(bare(choice.id)));
    return meant.map((choice) => ({ question, value: choice.value as Json, shown: show(question, choice.value as Json, look) }));
  });
  const now = found.filter((one) => one.question.now);
  const sure = now.length > 0 ? now : found;
  return sure.length === 1 ? (sure[0] ?? null) : null;
}

function valueOf(text: string, question: Ahead, look: Look, alone: boolean): Json | null {
  if (text === '') {
    return null;
  }
  if (shapeOf(question) === 'options' && question.type !== 'rating') {
    return chosen(text, question, look, alone);
  }
  const line = lineOf(question);
  if (line === undefined) {
    return null;
  }
  const form = question.form ?? {};
  if (alone && !TELLING.includes(question.type) && !(question.type === 'text' && form.pattern !== undefined)) {
    return null;
  }
  // A day or an amount among words would be guessed at.
  if (alone && ['money', 'date'].includes(question.type) && !/\d/u.test(text)) {
    return null;
  }
  const reading = line.read(text, form, look);
  return reading.trouble === undefined && reading.value !== undefined ? (reading.value as Json) : null;
}

function chosen(text: string, question: Ahead, look: Look, alone: boolean): Json | null {
  const said = bare(text);
  const choices = choicesOf(question, look);
  // "yes" answers the question that is asked, not one three steps ahead.
  if (isPlain(question) && alone && !question.now) {
    return null;
  }
  const names = (choice: { id: string; label: string }): string[] => [bare(choice.label), bare(choice.id)];
  const exact = choices.filter((choice) => names(choice).includes(said));
  const near = choices.filter((choice) => said.length >= 4 && names(choice).some((name) => has(name, said) || has(said, name)));
  const found = exact.length > 0 ? exact : near;
  return found.length === 1 ? ((found[0]?.value ?? null) as Json | null) : null;
}

const isPlain = (question: Ahead): boolean => question.type === 'yes_no' || question.type === 'consent';

/** Whether a text holds another as whole words. */
function has(text: string, words: string): boolean {
  return words.length >= 4 && ` ${text} `.replace(/[^\p{L}\p{N}]+/gu, ' ').includes(` ${words.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `);
}
