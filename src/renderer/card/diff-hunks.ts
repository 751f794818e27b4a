import { isDelete, isInsert, markEdits, parseDiff, tokenize } from 'react-diff-view';
import type { ChangeData, HunkData, HunkTokens } from 'react-diff-view';
import type { DiffFileView } from '../../shared/contract/work-views.js';
import { withoutDisguise } from '../turn/readable-output.js';

/** Files with more lines than this stay closed until somebody opens them. */
export const largeFileLines = 800;

/** Word by word only up to so many lines: the comparison is slow for more. */
const mostMarkedLines = 1_500;

/** The hunks of a file's patch; none where it was left out or is not text. */
export function hunksOf(file: DiffFileView): HunkData[] {
  if (file.patch === '') return [];
  const body = withoutDisguise(file.patch.slice(Math.max(0, file.patch.indexOf('@@'))));
  // The parser wants git's own header; names in it are not used, and odd names could break it.
  const header = 'diff --git a/file b/file\nindex 0000000..1111111 100644\n--- a/file\n+++ b/file\n';
  return parseDiff(header + body, { nearbySequences: 'zip' })[0]?.hunks ?? [];
}

/** What changed within lines that replace each other. */
export function editsOf(hunks: HunkData[]): HunkTokens | null {
  const lines = hunks.reduce((sum, { changes }) => sum + changes.length, 0);
  if (lines === 0 || lines > mostMarkedLines) return null;
  return tokenize(hunks, { highlight: false, enhancers: [markEdits(hunks, { type: 'block' })] });
}

/** The number by which a reader names a line: of the new file, or of the old one where the line is gone. */
export function lineNumberOf(change: ChangeData): number {
  return isInsert(change) || isDelete(change) ? change.lineNumber : change.newLineNumber;
}

/** All lines of a file in the order in which they are shown. */
export const changesOf = (hunks: readonly HunkData[]): ChangeData[] => hunks.flatMap(({ changes }) => changes);

/** `src/parse.js`, or `old.js → new.js`. */
export const fileTitle = ({ path, previousPath }: DiffFileView): string => (previousPath === '' ? path : `${previousPath} → ${path}`);

/** What a file's viewed mark is kept by: another revision or another content is another file to view. */
export const viewedKey = (todoId: string, head: string, path: string): string => `${todoId} ${head.slice(0, 12)} ${path}`;
