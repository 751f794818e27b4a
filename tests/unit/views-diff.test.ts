import { describe, expect, it } from 'vitest';
import { diffEnds, diffFiles } from '../../src/main/runtime/views-diff.js';
import { gitPath } from '../../src/main/runtime/views-git-path.js';
import { landedTodo, sampleRevision, sampleTodo, sampleTurn, stateWith } from '../fakes/sample-todo.js';

const patch = `diff --git a/src/old name.js b/src/new name.js
similarity index 80%
rename from src/old name.js
rename to src/new name.js
index 1111111..2222222 100644
--- a/src/old name.js\t
+++ b/src/new name.js\t
@@ -1,2 +1,3 @@
 same
-gone
+come
+--- more
diff --git "a/f\\303\\274r.txt" "b/f\\303\\274r.txt"
new file mode 100644
index 0000000..3333333
--- /dev/null
+++ "b/f\\303\\274r.txt"
@@ -0,0 +1 @@
+new
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
index 4444444..0000000
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-old
diff --git a/logo.png b/logo.png
index 5555555..6666666 100644
Binary files a/logo.png and b/logo.png differ
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
`;

describe('a diff file by file', () => {
  it('tells names, kinds and counts, whatever the names hold', () => {
    expect(diffFiles(patch).map(({ patch: _patch, ...file }) => file)).toEqual([
      { path: 'src/new name.js', previousPath: 'src/old name.js', kind: 'renamed', added: 2, removed: 1, isBinary: false, omitted: '' },
      { path: 'für.txt', previousPath: '', kind: 'added', added: 1, removed: 0, isBinary: false, omitted: '' },
      { path: 'gone.txt', previousPath: '', kind: 'removed', added: 0, removed: 1, isBinary: false, omitted: '' },
      { path: 'logo.png', previousPath: '', kind: 'changed', added: 0, removed: 0, isBinary: true, omitted: 'It is binary.' },
      { path: 'run.sh', previousPath: '', kind: 'changed', added: 0, removed: 0, isBinary: false, omitted: '' },
    ]);
    expect(diffFiles(patch)[0]?.patch).toBe('@@ -1,2 +1,3 @@\n same\n-gone\n+come\n+--- more\n');
  });

  it('leaves out what is too large and says how large it is', () => {
    const large = `diff --git a/big.txt b/big.txt\n--- a/big.txt\n+++ b/big.txt\n@@ -0,0 +1,9 @@\n+${'y'.repeat(300 * 1024)}\n`;
    const [file] = diffFiles(large);
    expect(file).toMatchObject({
      path: 'big.txt',
      added: 1,
      patch: '',
      omitted: expect.stringMatching(/^Its changes are 301 KiB and are not shown; at most 256 KiB/) as unknown,
    });
    const many = Array.from({ length: 12 }, (_, nth) => large.replaceAll('big', `f${nth}`).replace(/y+/, 'y'.repeat(200 * 1024))).join('');
    const files = diffFiles(many);
    expect(files.filter(({ omitted }) => omitted === '')).toHaveLength(10);
    expect(files[11]?.omitted).toMatch(/^Its changes are not shown, as those before it are \d+ KiB; at most 2048 KiB are\.$/);
  });

  it('has nothing to say about nothing', () => {
    expect(diffFiles('')).toEqual([]);
  });

  it.each([
    ['plain.txt', 'plain.txt'],
    ['with space\t', 'with space'],
    ['"tab\\there"', 'tab\there'],
    ['"quote\\"d"', 'quote"d'],
    ['"\\343\\201\\202"', 'あ'],
  ])('reads the name %s', (written, path) => {
    expect(gitPath(written)).toBe(path);
  });
});

describe('what a revision is compared with', () => {
  const id = 'todo-090000-000001';
  const working = (...trees: readonly string[]) => {
    const todo = sampleTodo({ revisions: [sampleRevision({ commit: null, closeout: null, base: 'base1' })] });
    const state = stateWith(todo);
    trees.forEach((outputTree, nth) => {
      state.turns[`turn-${nth}`] = sampleTurn({
        turnId: `turn-${nth}`,
        subject: { kind: 'todo', todoId: id, revision: 1 },
        outputTree,
        checkpointTree: `c${nth}`,
      });
    });
    return { todo, state };
  };

  it('is its commit against what it lies on', () => {
    const todo = landedTodo();
    const revision = todo.revisions[0];
    expect(diffEnds(todo, 1, stateWith(todo))).toMatchObject({ head: revision?.commit, of: 'commit' });
  });

  it('is its newest checkpoint against its base while there is no commit', () => {
    const { todo, state } = working('tree1', 'tree2', '');
    expect(diffEnds(todo, 1, state)).toEqual({ base: 'base1', head: 'c2', of: 'checkpoint' });
  });

  it('is nothing before the first turn, and null for a revision that is not there', () => {
    const { todo, state } = working();
    expect(diffEnds(todo, 1, state)).toEqual({ base: 'base1', head: '', of: 'nothing' });
    expect(diffEnds(todo, 2, state)).toBeNull();
  });
});
