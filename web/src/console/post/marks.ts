/** A message's text with its telling sentences marked, and the reply that asks what is ticked. */

export interface Span {
  name: string;
  from: number;
  to: number;
}

export interface Piece {
  text: string;
  /** The questions that this piece answers; none for what stands between. */
  names: string[];
}

/** The text in pieces, in order. Places count characters as people do, an emoji being one. */
export function pieces(text: string, spans: readonly Span[]): Piece[] {
  const letters = Array.from(text);
  const told = spans.filter((one) => one.to > one.from);
  const edges = [...new Set([0, letters.length, ...told.flatMap((one) => [one.from, one.to])])]
    .filter((at) => at >= 0 && at <= letters.length)
    .sort((one, other) => one - other);
  return edges.slice(1).map((end, place) => {
    const begin = edges[place] ?? 0;
    const names = told.filter((one) => one.from <= begin && one.to >= end).map((one) => one.name);
    return { text: letters.slice(begin, end).join(''), names: [...new Set(names)] };
  });
}

/** A draft that asks only these questions, numbered anew; what was edited otherwise stays as it is. */
export function asking(body: string, questions: readonly { name: string; text: string }[], kept: readonly string[]): string {
  const gone = questions.filter((one) => !kept.includes(one.name)).map((one) => one.text);
  let number = 0;
  const lines: string[] = [];
  for (const line of body.split('\n')) {
    const met = /^\d{1,2}\. (.*)$/u.exec(line);
    if (met === null) {
      if (!(line === '' && lines.at(-1) === '')) {
        lines.push(line);
      }
    } else if (!gone.includes(met[1] ?? '')) {
      number += 1;
      lines.push(`${number}. ${met[1] ?? ''}`);
    }
  }
  return lines.join('\n');
}
