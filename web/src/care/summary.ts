/** What a session came to, for a host that keeps it: codes, a few lines, the answers. */
import type { View } from '../api/types';
import type { Outcome } from '../embed/protocol';
import { isFrench } from '../fields/field';

const OUTCOMES: Record<string, readonly [string, string]> = {
  resolved: ['résolu', 'resolved'],
  deferred: ['reporté', 'deferred'],
  transferred: ['transféré', 'transferred'],
  refused: ['refusé', 'refused'],
  abandoned: ['abandonné', 'abandoned'],
  unresolved: ['non résolu', 'unresolved'],
};

/** Which answers may leave the page: those of questions that were seen and are not sensitive. */
export class Plain {
  readonly #names = new Map<number, Set<string>>();

  see(view: View): void {
    if (view.step === null) return;
    const names = view.fields.filter((field) => !field.sensitive).map((field) => field.name);
    this.#names.set(view.step.visit, new Set(names));
  }

  has(visit: number, name: string): boolean {
    return this.#names.get(visit)?.has(name) ?? false;
  }
}

export function outcomeOf(view: View, plain: Plain, language: string): Outcome {
  const at = isFrench(language) ? 0 : 1;
  const fields: Record<string, unknown> = {};
  const lines: string[] = [];
  for (const line of view.history) {
    if (line.undone) continue;
    const shown = Object.entries(line.shown).filter(([name]) => plain.has(line.visit, name));
    for (const [name] of shown) fields[name] = (line.values as Record<string, unknown> | null)?.[name] ?? null;
    if (shown.length > 0) lines.push(`${line.title}${at === 0 ? ' :' : ':'} ${shown.map(([, text]) => text).join(', ')}`);
  }
  const outcome = view.outcome === null ? '' : (OUTCOMES[view.outcome]?.[at] ?? view.outcome);
  const { declaration, qualification, action } = view.codes;
  const codes = [...declaration, ...qualification, ...action].join(' · ');
  const head = [view.journey.title, outcome].filter(Boolean).join(' – ');
  return {
    session: view.session,
    outcome: view.outcome,
    codes: { declaration: [...declaration], qualification: [...qualification], action: [...action] },
    summary: [head, ...lines, codes].filter((line) => line !== '').join('\n'),
    fields,
  };
}
