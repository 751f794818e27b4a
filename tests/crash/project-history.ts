import { execFileSync } from 'node:child_process';

/** One landed commit, in words that are the same in every run of the same rehearsal. */
export interface Landed {
  readonly commit: string;
  readonly subject: string;
  readonly tree: string;
  /** Path and added or removed line, sorted; without the lines around them, which are others when another todo landed first. */
  readonly changes: readonly string[];
}

/** Runs git in the project; throws when it fails. */
export const gitIn = (project: string, ...args: string[]): string => execFileSync('git', args, { cwd: project, encoding: 'utf8' });

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

function changesOf(project: string, commit: string): string[] {
  let path = '';
  const changes: string[] = [];
  for (const line of linesOf(gitIn(project, 'show', '--format=', '-U0', '--no-renames', commit))) {
    const name = /^(?:\+\+\+ b|--- a)\/(.*)$/.exec(line)?.[1];
    if (name !== undefined) path = name;
    else if (/^[+-]/.test(line) && !line.startsWith('--- ') && !line.startsWith('+++ ')) changes.push(`${path}: ${line}`);
  }
  return changes.sort();
}

/** What the target branch holds, oldest first; ids of the sprint and the todos are taken out of the subjects. */
export const landedOn = (project: string): Landed[] =>
  linesOf(gitIn(project, 'log', '--reverse', '--format=%H %T %s', 'main')).map((line) => {
    const [commit = '', tree = '', ...words] = line.split(' ');
    const subject = words.join(' ').replace(/^\[[^\]]+\] todo-\S+ /, '');
    return { commit, subject, tree, changes: changesOf(project, commit) };
  });

/** What the target branch pointed to, oldest first, as git itself counted it. */
export const reflogOf = (project: string): string[] => linesOf(gitIn(project, 'reflog', 'show', '--format=%H', 'main')).reverse();
