/** What fits somebody's words: what they may declare, and journeys, steps and motives by their names. */
import type { Client } from '../api/client';
import type { Found, Suggested } from '../api/types';
import type { Language } from '../texts/format';

export interface Fitting {
  declared: Suggested[];
  named: Found[];
}

/** The longest name that is looked for. */
const LONGEST = 256;

export async function fitting(client: Client, words: string, language: Language): Promise<Fitting> {
  const [declared, named] = await Promise.all([
    client.ask<{ items: Suggested[] }>('/v1/declarations:suggest', { method: 'POST', body: { text: words, language, limit: 5 } }),
    client.get<{ items: Found[] }>('/v1/search', { q: words.slice(0, LONGEST), language, limit: 8 }),
  ]);
  return { declared: declared.body.items, named: named.items };
}
