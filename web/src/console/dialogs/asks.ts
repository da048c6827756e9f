/** What each command asks before it is brought: its reasons by one key, its words when wanted. */
import type { View } from '../../api/types';
import type { Key } from '../../texts/translate';

export interface Choice {
  value: string;
  label: Key;
}

export interface Ask {
  command: string;
  title: Key;
  lead?: Key;
  /** Buttons that send at once, each by its digit; where their value goes. */
  choices?: { name: string; of: Choice[] };
  /** A list the session's surroundings give. */
  list?: 'teams' | 'digressions';
  /** Where the words go, and whether they are needed. */
  text?: { name: string; label: Key; required: boolean };
  due?: boolean;
  /** Whether it may take a slot of a team. */
  slots?: boolean;
  /** Whether it may be kept by itself, by a contact. */
  keeps?: boolean;
  /** Sent along as it is. */
  with?: Record<string, unknown>;
  main?: Key;
  /** A second passes before it can be sent, so that nobody ends a contact by a stray key. */
  guarded?: boolean;
}

const reason = { name: 'reason', label: 'ask.reason', required: false } as const;
const words = { name: 'text', label: 'ask.reason', required: false } as const;

export const ASKS = {
  skip: {
    command: 'skip', title: 'ask.skip.title', text: { ...reason, name: 'detail' },
    choices: {
      name: 'reason',
      of: [
        { value: 'unknown', label: 'ask.skip.unknown' },
        { value: 'unwilling', label: 'ask.skip.unwilling' },
        { value: 'pointless', label: 'ask.skip.pointless' },
        { value: 'later', label: 'ask.skip.later' },
      ],
    },
  },
  none: {
    command: 'none_of_these', title: 'ask.none.title', lead: 'ask.none.lead', text: words,
    choices: {
      name: 'category',
      of: [
        { value: 'missing', label: 'ask.none.missing' },
        { value: 'unclear', label: 'ask.none.unclear' },
        { value: 'elsewhere', label: 'ask.none.elsewhere' },
        { value: 'wrong', label: 'ask.none.wrong' },
      ],
    },
  },
  flag: {
    command: 'flag', title: 'ask.flag.title', text: words,
    choices: {
      name: 'category',
      of: [
        { value: 'wording', label: 'ask.flag.wording' },
        { value: 'wrong', label: 'ask.flag.wrong' },
        { value: 'missing', label: 'ask.flag.missing' },
        { value: 'useless', label: 'ask.flag.useless' },
      ],
    },
  },
  hand_over: {
    command: 'hand_over', title: 'ask.hand_over.title', text: reason,
    choices: {
      name: 'to',
      of: [
        { value: 'advisor', label: 'ask.to.advisor' },
        { value: 'customer', label: 'ask.to.customer' },
        { value: 'bot', label: 'ask.to.bot' },
      ],
    },
  },
  finish: {
    command: 'finish', title: 'ask.finish.title', lead: 'ask.finish.lead', text: reason, guarded: true,
    choices: {
      name: 'outcome',
      of: [
        { value: 'unresolved', label: 'ask.finish.unresolved' },
        { value: 'abandoned', label: 'ask.finish.abandoned' },
        { value: 'refused', label: 'ask.finish.refused' },
      ],
    },
  },
  transfer: { command: 'transfer', title: 'ask.transfer.title', list: 'teams', text: reason },
  consult: {
    command: 'consult', title: 'ask.consult.title', list: 'teams',
    text: { name: 'question', label: 'ask.question', required: false },
  },
  digress: { command: 'digress', title: 'ask.digress.title', list: 'digressions' },
  promise: {
    command: 'promise', title: 'ask.promise.title', due: true, slots: true, keeps: true,
    text: { name: 'what', label: 'ask.promise.what', required: true },
  },
  cancel: { command: 'cancel', title: 'ask.cancel.title', text: reason, guarded: true },
  jump: {
    command: 'note', title: 'ask.jump.title', lead: 'ask.jump.lead', text: words,
    choices: {
      name: 'why',
      of: [
        { value: 'another', label: 'ask.jump.another' },
        { value: 'wrong', label: 'ask.jump.wrong' },
        { value: 'look', label: 'ask.jump.look' },
      ],
    },
  },
  not_done: { command: 'not_done', title: 'ask.not_done.title', text: reason },
  decline: { command: 'decline', title: 'ask.decline.title', text: reason },
  decline_consult: { command: 'answer_consult', title: 'ask.decline.title', text: { ...reason, required: true }, with: { accept: false } },
  disapprove: { command: 'approve', title: 'ask.decline.title', text: reason, with: { accept: false } },
} as const satisfies Record<string, Ask>;

export type AskName = keyof typeof ASKS;

/** How a contact ends here: well too, once what was declared, found and done is said and only questions are left. */
export function finishOf(view: View): Ask {
  // What is being told counts: the service takes it as said once the contact ends.
  const isReached = view.unsaid.length === 0;
  const { choices } = ASKS.finish;
  return isReached
    ? { ...ASKS.finish, lead: 'ask.finish.reached', choices: { ...choices, of: [{ value: 'resolved', label: 'ask.finish.resolved' }, ...choices.of] } }
    : ASKS.finish;
}

/** What goes with the words of a promise: by when, or in which slot of whom, and what keeps it. */
export interface Besides {
  due?: string;
  slot?: { by: string; begins: number } | null;
  byContact?: boolean;
}

/** The command that an ask makes of a choice and of words; a detail stands behind its reason. */
export function commandOf(ask: Ask, chosen: string | null, text: string, { due = '', slot = null, byContact = false }: Besides = {}): { type: string; [name: string]: unknown } {
  const command: { type: string; [name: string]: unknown } = { type: ask.command, ...ask.with };
  const said = text.trim();
  if (chosen !== null) {
    command[ask.choices?.name ?? (ask.list === 'digressions' ? 'journey' : 'team')] = chosen;
  }
  if (said !== '' && ask.text !== undefined) {
    if (ask.text.name === 'detail') {
      command['reason'] = `${chosen ?? ''}: ${said}`.slice(0, 255);
    } else {
      command[ask.text.name] = said;
    }
  }
  if (ask.slots === true && slot !== null) {
    command['by'] = slot.by;
    command['slot'] = new Date(slot.begins).toISOString();
  } else if (ask.due === true && due !== '') {
    command['due'] = new Date(due).toISOString();
  }
  if (ask.keeps === true && byContact) {
    command['kept_by'] = 'contact';
  }
  return command;
}
