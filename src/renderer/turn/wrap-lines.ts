/** A row of a page of output: a piece of a line that fits the width. */
export interface OutputRow {
  readonly text: string;
  /** Whether it goes on a line that began in an earlier row. */
  readonly isRest: boolean;
}

/** Lines broken into rows of at most `columns` characters, so that every row has the same height whatever is in it. */
export function wrapLines(text: string, columns: number): OutputRow[] {
  const width = Math.max(20, columns);
  const rows: OutputRow[] = [];
  for (const line of text.split('\n')) {
    if (line.length <= width) rows.push({ text: line, isRest: false });
    else for (let at = 0; at < line.length; at += width) rows.push({ text: line.slice(at, at + width), isRest: at > 0 });
  }
  // A text that ends with a line feed has no line after it.
  if (rows.length > 1 && rows.at(-1)?.text === '') rows.pop();
  return rows;
}
