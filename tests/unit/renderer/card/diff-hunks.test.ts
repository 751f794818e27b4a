import { isDelete, isInsert } from 'react-diff-view';
import { describe, expect, test } from 'vitest';
import { changesOf, editsOf, fileTitle, hunksOf, lineNumberOf, viewedKey } from '../../../../src/renderer/card/diff-hunks.js';
import { quoteLines, withQuote } from '../../../../src/renderer/card/quote-lines.js';
import { stageDiff } from '../../../fakes/stage-details.js';

const [changed, added, binary] = stageDiff('todo-139', 1).files;

describe('the lines of a diff', () => {
  test('keep the numbers of the new file, and of the old one where they are gone', () => {
    const changes = changesOf(hunksOf(changed!));
    expect(changes.map((change) => [lineNumberOf(change), isInsert(change) ? '+' : isDelete(change) ? '-' : ' '].join(''))).toEqual([
      '16 ',
      '17 ',
      '18 ',
      '19-',
      '19+',
      '20+',
      '21 ',
      '22 ',
    ]);
  });

  test('are none for a file that is not text', () => {
    expect(hunksOf(binary!)).toEqual([]);
    expect(editsOf([])).toBeNull();
  });

  test('are read whatever header the patch came with, and names with spaces do no harm', () => {
    const patch = `diff --git a/a b.ts b/a b.ts\nnew file mode 100644\n--- /dev/null\n+++ b/a b.ts\n${added!.patch}`;
    expect(changesOf(hunksOf({ ...added!, patch }))).toHaveLength(4);
  });

  test('show letters that would reorder the line by their code points', () => {
    const patch = '@@ -1 +1 @@\n-if (admin) {\n+if (admin\u202e) {\n';
    expect(changesOf(hunksOf({ ...changed!, patch })).at(-1)?.content).toBe('if (admin⟨U+202E⟩) {');
  });

  test('mark what changed within lines that replace each other', () => {
    const tokens = editsOf(hunksOf({ ...changed!, patch: '@@ -1 +1 @@\n-const a = 1;\n+const a = 2;\n' }));
    expect(JSON.stringify(tokens?.new)).toContain('"type":"edit"');
  });
});

describe('a quotation for a comment', () => {
  const changes = changesOf(hunksOf(changed!));

  test('names one line, several lines, and a line that is gone', () => {
    expect(quoteLines('src/auth/lockout.ts', [changes[6]!])).toBe('src/auth/lockout.ts:21\n>   return account');
    expect(quoteLines('src/auth/lockout.ts', changes.slice(4, 6)).split('\n')[0]).toBe('src/auth/lockout.ts:19-20');
    expect(quoteLines('src/auth/lockout.ts', [changes[3]!]).split('\n')[0]).toBe('src/auth/lockout.ts:19 (removed)');
  });

  test('is kept short', () => {
    const long = { ...changes[0]!, content: 'x'.repeat(500) };
    const words = quoteLines(
      'a.ts',
      Array.from({ length: 9 }, () => long),
    ).split('\n');
    expect(words).toHaveLength(8);
    expect(words[1]).toHaveLength(163);
    expect(words.at(-1)).toBe('> …');
  });

  test('follows what was written already', () => {
    expect(withQuote('Round up.\n', 'a.ts:1\n> x')).toBe('Round up.\n\na.ts:1\n> x\n');
    expect(withQuote('', 'a.ts:1\n> x')).toBe('a.ts:1\n> x\n');
  });
});

test('a renamed file is told with both names, and another content is another file to view', () => {
  expect(fileTitle({ ...changed!, previousPath: 'src/lock.ts' })).toBe('src/lock.ts → src/auth/lockout.ts');
  expect(viewedKey('todo-1', 'a'.repeat(40), 'x.ts')).not.toBe(viewedKey('todo-1', 'b'.repeat(40), 'x.ts'));
});
