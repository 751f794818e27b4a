import type { CommitIdentity } from '../../../shared/domain/configuration.js';
import { isFolder } from '../platform/is-folder.js';
import type { Lanes } from '../platform/lane.js';
import type { Clock } from '../ports/clock.js';
import { GitError } from './git-error.js';
import type { KeptValues } from './kept-values.js';
import type { KeptProgram } from './kept-program.js';
import type { GitPlace, GitRunner } from './run-git.js';
import { oneLine } from './run-git.js';

/** Where the parts of the project's repository are; all absolute. */
export interface RepositoryLayout {
  /** Top folder of the project's working tree. */
  readonly root: string;
  /** The project's own git folder. */
  readonly gitDir: string;
  /** What all worktrees share. */
  readonly commonDir: string;
}

/**
 * An index that only this runtime writes, with the tree that the files of a checkout made when they were last looked at. Git itself
 * says by it what changed since then; it is taken for nothing when its bytes are no longer those that git left.
 */
export interface KeptIndex {
  readonly file: string;
  readonly bytesSha256: string;
  readonly tree: string;
  /** What the rules said by which none of its files is ignored; '' when that was not asked yet. */
  readonly rules: string;
}

/** What every verb needs. */
export interface GitContext {
  readonly git: GitRunner;
  readonly clock: Clock;
  readonly projectPath: string;
  /** Throws a `GitError` for a folder without a repository and for a bare one. */
  layout(): Promise<RepositoryLayout>;
  /** The value that this runtime last gave to a ref (null: deleted), so that a guard does not take it for a turn's doing. */
  readonly movedRefs: Map<string, string | null>;
  /** Snapshots by SHA-256, also kept as files. */
  readonly snapshots: Map<string, Buffer>;
  /** Asked for object names only, never for refs, which move. */
  readonly reader: KeptProgram;
  /** Writes a commit from a file whose path it is given. */
  readonly writer: KeptProgram;
  /** Moves refs, a transaction at a time. */
  readonly refs: KeptProgram;
  /** One at a time: git reads the administrative folders of all worktrees while it makes one, half-made ones too. */
  readonly lanes: Lanes;
  /** Answers that follow from the names of objects, or from bytes, alone: nothing that happens to the repository makes them wrong. */
  readonly kept: {
    /** Trees by commit. */
    readonly trees: KeptValues<string>;
    /** Diffs by both sides' full names. */
    readonly diffs: KeptValues<string>;
    /** What a configuration file says, by the SHA-256 of its bytes. */
    readonly meanings: KeptValues<string>;
  };
  /** By checkout: an index of the runtime's own that stands for the files as they were last seen. */
  readonly indexes: Map<string, KeptIndex>;
}

/** Who makes commits that are no part of the project's history, such as checkpoints, and reflog entries. */
export const RUNTIME_IDENTITY: Readonly<Record<string, string>> = {
  GIT_AUTHOR_NAME: 'Muster',
  GIT_AUTHOR_EMAIL: 'muster@localhost',
  GIT_COMMITTER_NAME: 'Muster',
  GIT_COMMITTER_EMAIL: 'muster@localhost',
};

/** For a call that commits as somebody; null: as git itself is configured, or the author that a replayed commit has. */
export const committerEnv = (identity: CommitIdentity | null): Readonly<Record<string, string>> =>
  identity === null ? {} : { GIT_COMMITTER_NAME: identity.name, GIT_COMMITTER_EMAIL: identity.email };

/** The same for a commit that has no author yet. */
export const authorEnv = (identity: CommitIdentity | null): Readonly<Record<string, string>> =>
  identity === null ? {} : { GIT_AUTHOR_NAME: identity.name, GIT_AUTHOR_EMAIL: identity.email, ...committerEnv(identity) };

/** What `git rev-parse` finds from the project folder upwards. */
export type FoundRepository =
  { readonly kind: 'none' } | { readonly kind: 'bare' } | { readonly kind: 'found'; readonly layout: RepositoryLayout };

const noProjectFolder = (path: string): string =>
  `Could not look at the project: there is no folder ${path}. Put it back, or name the right one as \`project\` in team_runtime.yaml.`;

/** Looks for the repository of a folder; throws a `GitError` for anything but "there is none". */
export async function findRepository(git: GitRunner, projectPath: string): Promise<FoundRepository> {
  if (!(await isFolder(projectPath))) throw new Error(noProjectFolder(projectPath));
  const ask = (what: string) =>
    git.run({ place: null, cwd: projectPath, args: ['rev-parse', '--path-format=absolute', what], readsOnly: true });
  const bare = await ask('--is-bare-repository');
  if (bare.exitCode !== 0) {
    if (/not a git repository/.test(bare.stderr)) return { kind: 'none' };
    throw new GitError(['rev-parse', '--is-bare-repository'], bare.exitCode, bare.stderr);
  }
  if (bare.text.trim() === 'true') return { kind: 'bare' };
  const [root, gitDir, commonDir] = await Promise.all([ask('--show-toplevel'), ask('--absolute-git-dir'), ask('--git-common-dir')]);
  if (root.exitCode !== 0) throw new GitError(['rev-parse', '--show-toplevel'], root.exitCode, root.stderr);
  return { kind: 'found', layout: { root: oneLine(root.text), gitDir: oneLine(gitDir.text), commonDir: oneLine(commonDir.text) } };
}

/** For calls that look at refs and objects only. */
export async function objectsPlace(context: GitContext): Promise<GitPlace> {
  return { gitDir: (await context.layout()).commonDir, workTree: null };
}

/** `refs/heads/main` for `main`; full names stay. */
export const fullBranchName = (branch: string): string => (branch.startsWith('refs/') ? branch : `refs/heads/${branch}`);

/** Where the commit of a closeout is kept, whatever becomes of its branch. */
export const closeoutRef = (closeoutId: string): string => `refs/muster/closeouts/${checkedRefPart(closeoutId)}`;

/** Throws unless `id` can be the last part of a ref name. */
export function checkedRefPart(id: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id) || id.includes('..') || id.endsWith('.lock') || id.endsWith('.')) {
    throw new Error(
      `Could not use ${JSON.stringify(id)} in the name of a git ref: only letters, digits, dot, dash and underscore are allowed.`,
    );
  }
  return id;
}
