/** A wording cut into what is said aloud and what is advice: sentences in brackets are for the reader. */

export interface Part {
  kind: 'said' | 'advice';
  text: string;
}

/** Whole sentences in brackets, as the library's authors write advice. */
const ADVICE = /\((?=\p{Lu})([^()]*[.!?…])\)/gu;

export function parts(text: string): Part[] {
  const found: Part[] = [];
  for (const line of text.split('\n')) {
    let from = 0;
    for (const match of line.matchAll(ADVICE)) {
      add(found, 'said', line.slice(from, match.index));
      add(found, 'advice', match[1] ?? '');
      from = match.index + match[0].length;
    }
    add(found, 'said', line.slice(from));
  }
  return found;
}

/** What may be read out or pasted to the customer. */
export function spoken(text: string): string {
  return parts(text).filter((part) => part.kind === 'said').map((part) => part.text).join('\n');
}

function add(found: Part[], kind: Part['kind'], text: string): void {
  if (text.trim() !== '') {
    found.push({ kind, text: text.trim() });
  }
}
