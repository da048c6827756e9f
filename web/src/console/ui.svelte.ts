/** Which dialog is open, and what keys do on the page that is shown. */
import type { Action } from './keyboard';
import { app } from './app.svelte';
import type { AskName } from './dialogs/asks';
import type { Contact } from './passage';

export type DialogName = 'help' | 'preferences' | 'palette' | 'another' | 'leave' | 'code' | { ask: AskName } | { jump: { journey: string; title: string } };

/** What a page does for an action or a digit; false when it has no use for it. */
export type Handler = (asked: Action | number) => boolean;

class Ui {
  dialog = $state.raw<DialogName | null>(null);
  /** The contact that is shown, if one is. */
  contact = $state.raw<Contact | null>(null);
  #handler: Handler | null = null;

  open(dialog: DialogName): void {
    this.dialog = dialog;
  }

  close(): void {
    this.dialog = null;
  }

  /** Let the page that is shown answer keys, until it goes. */
  listen(handler: Handler): () => void {
    this.#handler = handler;
    return () => {
      if (this.#handler === handler) {
        this.#handler = null;
      }
    };
  }

  run(asked: Action | number): boolean {
    switch (asked) {
      case 'help':
      case 'palette':
        this.open(asked);
        return true;
      case 'next_contact':
        app.turnTab(1);
        return true;
      case 'previous_contact':
        app.turnTab(-1);
        return true;
      default:
        return this.#handler?.(asked) ?? false;
    }
  }
}

export const ui = new Ui();
