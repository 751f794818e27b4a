import { nameEffect } from '../../src/main/cli/crash/name-effect.js';
import { loadState, snapshotsOf } from '../../src/main/runtime/load-state.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { State, Todo, Turn } from '../../src/shared/domain/state.js';
import type { CrashLine } from '../../src/main/cli/crash/killer.js';

/** What must still be there after the next kill: commits and finished turns with their ids, and where the journal ends. */
export interface Standing {
  readonly seq: number;
  readonly commits: readonly string[];
  readonly turns: readonly string[];
}

/** Of a workspace in which nothing happened. */
export const nothingYet: Standing = { seq: 0, commits: [], turns: [] };

interface Archived {
  readonly todos: readonly Todo[];
  readonly turns: readonly Turn[];
}

/** The detail of ended sprints that left memory; one that is not there either is missed with its commits and turns. */
async function archivedIn(workspace: string, state: State): Promise<Archived[]> {
  const ids = Object.values(state.sprints).flatMap(({ sprintId, isArchived }) => (isArchived ? [sprintId] : []));
  const store = snapshotsOf(workspace, new SystemClock());
  const found = await Promise.all(ids.map((id) => store.readArchive(id) as Promise<Archived | null>));
  return found.filter((detail) => detail !== null);
}

/** Reads the journal as it lies on the disk while nobody owns it. */
export async function standingIn(workspace: string): Promise<Standing & { readonly state: State }> {
  const { state, seq } = await loadState(workspace);
  const archived = await archivedIn(workspace, state);
  const todos = [...Object.values(state.todos), ...archived.flatMap((detail) => detail.todos)];
  const commits = todos.flatMap(({ todoId, revisions }) =>
    revisions
      .filter(({ commit }) => commit !== null)
      .map(({ number, commit, isIntegrated }) => `${todoId} r${number} ${commit} ${isIntegrated}`),
  );
  const turns = [...Object.values(state.turns), ...archived.flatMap((detail) => detail.turns)]
    .filter(({ status }) => status === 'ended')
    .map((turn) => `${turn.turnId} ${turn.outcome} ${turn.reportSha256} ${turn.outputTree}`);
  return { seq, commits: commits.filter((commit) => commit.endsWith('true')), turns, state };
}

/** What a kill took away, in sentences. */
export function lostSince(before: Standing, after: Standing, lines: readonly CrashLine[]): string[] {
  const told = lines.reduce((most, line) => (line.t === 'durable' ? Math.max(most, line.seq) : most), before.seq);
  const gone = (name: string, were: readonly string[], are: readonly string[]): string[] =>
    were.filter((one) => !are.includes(one)).map((one) => `The ${name} "${one}" was there before the kill and is not there after it.`);
  return [
    ...(after.seq < told ? [`Record ${told} was durable before the kill, and the journal ends at ${after.seq} after it.`] : []),
    ...gone('commit', before.commits, after.commits),
    ...gone('turn', before.turns, after.turns),
  ];
}

/** Every turn of a state by its name, in the order in which they were asked for. */
export const turnNames = (state: State): string[] =>
  Object.values(state.turns).map(({ turnId }) => nameEffect({ type: 'run-turn', lane: '', turnId }, state));
