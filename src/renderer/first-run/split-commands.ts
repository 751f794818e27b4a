/** Commands from lines as people type them: words apart by spaces, quoted ones kept whole. Empty lines are left out. */
export function splitCommands(text: string): string[][] {
  return text
    .split('\n')
    .map(splitWords)
    .filter((words) => words.length > 0);
}

function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [, parts = ''] of line.matchAll(/((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)/g))
    words.push(
      parts.replaceAll(
        /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/g,
        (_, escaped?: string, single?: string, double?: string) => escaped ?? single ?? (double ?? '').replaceAll(/\\(.)/g, '$1'),
      ),
    );
  return words;
}
