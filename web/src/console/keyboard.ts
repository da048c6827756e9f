/**
 * Which key does what: pure, so that it is tested without a page.
 *
 * Single characters do nothing while somebody types, and can be switched off or given to others
 * (WCAG 2.1.4). Digits go by their place on the keyboard: a French one needs Shift to write them.
 */

export const ACTIONS = [
  'palette', 'provide', 'back', 'forward', 'none', 'skip', 'note', 'flag', 'hold', 'searching',
  'consult', 'transfer', 'hand_over', 'autopilot', 'take_over', 'retry', 'later', 'use_result', 'earlier', 'another', 'incident', 'ticket', 'same_customer',
  'copy', 'finish', 'next_contact', 'previous_contact', 'help',
] as const;

export type Action = (typeof ACTIONS)[number];
export type KeyMap = Record<Action, string>;

export const DEFAULTS: KeyMap = {
  palette: 'Ctrl+K',
  provide: '/',
  back: 'Alt+ArrowLeft',
  forward: 'Alt+ArrowRight',
  none: '0',
  skip: 'S',
  note: 'N',
  flag: 'F',
  hold: 'H',
  searching: 'L',
  consult: 'Q',
  transfer: 'T',
  hand_over: 'R',
  autopilot: 'G',
  take_over: 'M',
  retry: 'E',
  later: 'P',
  use_result: 'U',
  earlier: 'V',
  another: 'A',
  incident: 'I',
  ticket: 'D',
  same_customer: 'J',
  copy: 'C',
  finish: 'Ctrl+Enter',
  next_contact: 'Alt+ArrowDown',
  previous_contact: 'Alt+ArrowUp',
  help: '?',
};

export interface Press {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

export interface Keys {
  map: KeyMap;
  /** Whether keys without Ctrl or Alt do anything. */
  singles: boolean;
}

const DIGIT = /^(?:Digit|Numpad)([0-9])$/;
const MODIFIERS = new Set(['Control', 'Alt', 'Shift', 'Meta', 'AltGraph', 'CapsLock']);

/** How a press is written in the map; null for what no map may hold. */
export function written(press: Press): string | null {
  if (MODIFIERS.has(press.key) || press.key === 'Dead' || press.key === 'Process') {
    return null;
  }
  const isCommand = press.ctrlKey || press.metaKey;
  const digit = DIGIT.exec(press.code)?.[1];
  const key = digit !== undefined && !press.shiftKey ? digit : press.key.length === 1 ? press.key.toUpperCase() : press.key;
  // Ctrl and Alt together are AltGr, which writes characters.
  if (isCommand && press.altKey) {
    return press.key.length === 1 ? key : null;
  }
  return `${isCommand ? 'Ctrl+' : ''}${press.altKey ? 'Alt+' : ''}${key}`;
}

export function isSingle(combination: string): boolean {
  return !/^(?:Ctrl|Alt)\+/.test(combination);
}

/** What a press asks for: an action, an option by its number, or nothing. */
export function meaning(press: Press, keys: Keys, isTyping: boolean): Action | number | null {
  const combination = written(press);
  if (combination === null || (isSingle(combination) && (isTyping || !keys.singles))) {
    return null;
  }
  const action = ACTIONS.find((one) => keys.map[one] === combination);
  if (action !== undefined) {
    return action;
  }
  return /^[1-9]$/.test(combination) ? Number(combination) : null;
}

/** Whether characters pressed here are being written. */
export function isTyping(element: Element | null): boolean {
  if (element === null) {
    return false;
  }
  if (element instanceof HTMLInputElement) {
    return !['button', 'checkbox', 'radio', 'range', 'reset', 'submit', 'file', 'color'].includes(element.type);
  }
  return (
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    (element instanceof HTMLElement && element.isContentEditable === true)
  );
}

/** The reader's own map over ours; what is not a map, or takes a digit from the answers, is left out. */
export function mapped(own: unknown): KeyMap {
  const map = { ...DEFAULTS };
  if (typeof own === 'object' && own !== null) {
    for (const action of ACTIONS) {
      const given = (own as Record<string, unknown>)[action];
      if (typeof given === 'string' && given.length > 0 && given.length < 32 && !/^[1-9]$/.test(given)) {
        map[action] = given;
      }
    }
  }
  return map;
}

/** The action that already has a combination, other than this one. */
export function takenBy(map: KeyMap, combination: string, than: Action): Action | null {
  return ACTIONS.find((action) => action !== than && map[action] === combination) ?? null;
}

/** How keys are shown to people. */
export function shown(combination: string): string {
  return combination
    .replace('ArrowLeft', '←').replace('ArrowRight', '→').replace('ArrowUp', '↑').replace('ArrowDown', '↓')
    .replace('Enter', '⏎').replace(/\+/g, ' ');
}

/** How the key of an action is shown; empty where it does nothing. */
export function keyOf(action: Action, keys: Keys): string {
  const combination = keys.map[action];
  return isSingle(combination) && !keys.singles ? '' : shown(combination);
}
