/** A row of a page of output: a piece of a line that fits the width. */
export interface OutputRow {
  readonly text: string;
  /** Whether it goes on a line that began in an earlier row. */
  readonly isRest: boolean;
}

/** Lines broken into rows of at most `columns` characters, after a space where one is near the edge, so that all rows are of one height. */
export function wrapLines(text: string, columns: number): OutputRow[] {
  const width = Math.max(20, columns);
  const rows: OutputRow[] = [];
  for (const line of text.split('\n')) {
    let rest = line;
    while (rest.length > width) {
      const end = breakOf(rest, width);
      rows.push({ text: rest.slice(0, end), isRest: rest !== line });
      rest = rest.slice(end);
    }
    rows.push({ text: rest, isRest: rest !== line });
  }
  // A text that ends with a line feed has no line after it.
  if (rows.length > 1 && rows.at(-1)?.text === '') rows.pop();
  return rows;
}

/** Where a line that is too long is broken: after the last space in the last third of the width, else at its end. */
function breakOf(line: string, width: number): number {
  const space = line.lastIndexOf(' ', width - 1);
  return space >= (width * 2) / 3 ? space + 1 : width;
}
