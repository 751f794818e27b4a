import type { CardDiffView, DiffFileView } from '../../shared/contract/work-views.js';
import { largestDiffBytes, largestPatchBytes } from '../../shared/contract/work-views.js';
import type { State, Todo } from '../../shared/domain/state.js';
import { gitPath } from './views-git-path.js';

/** Which two commits or trees show what a revision changes. */
export interface DiffEnds {
  readonly base: string;
  readonly head: string;
  readonly of: CardDiffView['of'];
}

/** A revision's commit against what it lies on, else its newest checkpoint against its base; null for a revision that is not there. */
export function diffEnds(todo: Todo, number: number, state: State): DiffEnds | null {
  const revision = todo.revisions[number - 1];
  if (!revision) return null;
  const { base, closeout, commit } = revision;
  if (commit !== null) return { base: closeout?.onto ?? base, head: commit, of: 'commit' };
  if (closeout?.commit) return { base, head: closeout.commit, of: 'commit' };
  const trees = Object.values(state.turns).flatMap(({ subject, outputTree, checkpointTree }) =>
    subject.kind === 'todo' && subject.todoId === todo.todoId && subject.revision === number ? [outputTree || checkpointTree] : [],
  );
  const head = trees.filter((tree) => tree !== '').at(-1) ?? '';
  return base === '' || head === '' ? { base, head: '', of: 'nothing' } : { base, head, of: 'checkpoint' };
}

/** Git's unified diff file by file, with what is too large left out and said. */
export function diffFiles(patch: string): DiffFileView[] {
  const starts = [...patch.matchAll(/^diff --git /gm)].map(({ index }) => index);
  let carried = 0;
  return starts.map((start, at) => {
    const file = diffFile(patch.slice(start, starts[at + 1] ?? patch.length));
    const bytes = Buffer.byteLength(file.patch);
    const reason = omission(bytes, carried);
    if (reason !== '') return { ...file, patch: '', omitted: reason };
    carried += bytes;
    return file;
  });
}

function omission(bytes: number, carried: number): string {
  const kib = (size: number): string => `${Math.ceil(size / 1024)} KiB`;
  if (bytes > largestPatchBytes)
    return `Its changes are ${kib(bytes)} and are not shown; at most ${kib(largestPatchBytes)} of one file are.`;
  if (carried + bytes > largestDiffBytes)
    return `Its changes are not shown, as those before it are ${kib(carried)}; at most ${kib(largestDiffBytes)} are.`;
  return '';
}

function diffFile(text: string): DiffFileView {
  const lines = text.split('\n');
  const hunksAt = lines.findIndex((line) => line.startsWith('@@ '));
  const head = hunksAt === -1 ? lines : lines.slice(0, hunksAt);
  const valueOf = (name: string): string | undefined => head.find((line) => line.startsWith(name))?.slice(name.length);
  const hunks = hunksAt === -1 ? [] : lines.slice(hunksAt);
  const isBinary = head.some((line) => line.startsWith('Binary files ') || line === 'GIT binary patch');
  const renamedFrom = valueOf('rename from ');
  const kind =
    valueOf('new file mode ') !== undefined
      ? 'added'
      : valueOf('deleted file mode ') !== undefined
        ? 'removed'
        : renamedFrom !== undefined
          ? 'renamed'
          : 'changed';
  return {
    path: pathOf(head, valueOf, kind),
    previousPath: renamedFrom === undefined ? '' : gitPath(renamedFrom),
    kind,
    added: hunks.filter((line) => line.startsWith('+')).length,
    removed: hunks.filter((line) => line.startsWith('-')).length,
    isBinary,
    patch: hunks.join('\n'),
    omitted: isBinary ? 'It is binary.' : '',
  };
}

function pathOf(head: readonly string[], valueOf: (name: string) => string | undefined, kind: DiffFileView['kind']): string {
  const renamed = valueOf('rename to ');
  if (renamed !== undefined) return gitPath(renamed);
  const side = kind === 'removed' ? valueOf('--- ') : valueOf('+++ ');
  if (side !== undefined && side !== '/dev/null') return gitPath(side).slice(2);
  // Without hunks both names are the same one: `a/NAME b/NAME`.
  const names = head[0]?.slice('diff --git '.length) ?? '';
  if (names.startsWith('"')) return gitPath(names.slice(0, names.indexOf('" ') + 1)).slice(2);
  return names.slice(0, (names.length - 1) / 2).slice(2);
}
