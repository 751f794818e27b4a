const isTest = (path: string): boolean => /(^|\/)(tests?|__tests__|spec)\//.test(path) || /[._-](test|spec)\.[^/]+$/.test(path);
const isDocument = (path: string): boolean => /\.(md|txt|rst|adoc)$/i.test(path) || /(^|\/)docs?\//.test(path);

/** The file that a change is mostly about: code, then other files, tests, documents; the first by name among equals (sprint-runtime 10.2). */
export function mainFile(paths: readonly string[]): string {
  const weight = (path: string): number => (isDocument(path) ? 3 : isTest(path) ? 2 : /\.[a-z]+$/i.test(path) ? 0 : 1);
  const [first] = [...paths].sort((a, b) => weight(a) - weight(b) || a.localeCompare(b));
  return first?.slice(first.lastIndexOf('/') + 1) ?? 'project';
}

/** One todo's commit message by the policy: `[sprint_id] todo_id main file: behaviour`, one line of at most 200 characters. */
export function commitMessage(of: {
  readonly sprintId: string;
  readonly todoId: string;
  readonly revision: number;
  readonly title: string;
  readonly paths: readonly string[];
}): string {
  const suffix = of.revision > 1 ? ` (revision ${of.revision})` : '';
  const title = of.title.replace(/\s+/g, ' ').trim();
  const head = `[${of.sprintId}] ${of.todoId} ${mainFile(of.paths)}: `;
  return `${head}${[...title].slice(0, Math.max(20, 200 - head.length - suffix.length)).join('')}${suffix}`;
}

/** Name of the nth closeout (from 1) of a todo's present revision; it stands in the trailer of the commit. */
export const closeoutIdOf = ({ todoId, revision }: { readonly todoId: string; readonly revision: number }, nth: number): string =>
  `closeout-${todoId}-r${revision}-${nth}`;

/** The sentence in the message of a revert that names the commit which it undoes, as git words it. */
export const revertSentence = (commit: string): string => `This reverts commit ${commit}.`;

/** The message of a revert: the policy's line, and below it the commit that is undone. */
export const revertMessage = (of: Parameters<typeof commitMessage>[0], commit: string): string =>
  `${commitMessage({ ...of, title: `Revert "${of.title}"` })}\n\n${revertSentence(commit)}`;
