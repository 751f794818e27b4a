import type { hostRefusalIds } from '../../shared/contract/command-schemas.js';
import type { CardDiffView, TextPageView, TurnOutputView, TurnPromptView } from '../../shared/contract/work-views.js';
import { largestPageBytes } from '../../shared/contract/work-views.js';
import type { RefusalId } from '../../shared/domain/vocabulary.js';
import type { Runtime } from '../runtime/runtime-api.js';
import { pageAt, pageText } from '../runtime/platform/page-text.js';
import { diffEnds, diffFiles } from '../runtime/views-diff.js';

/** Something that cannot be shown: the id and the sentence of the refusal. */
export class NotShown extends Error {
  readonly id: RefusalId | (typeof hostRefusalIds)[number];

  constructor(id: NotShown['id'], message: string) {
    super(message);
    this.id = id;
  }
}

const defaultPageBytes = 64 * 1024;

/** What a revision of a card changes. Throws `NotShown`. */
export async function cardDiff(runtime: Runtime, todoId: string, number?: number): Promise<CardDiffView> {
  const state = runtime.state();
  const todo = state.todos[todoId];
  if (!todo) throw new NotShown('unknown-id', `There is no todo ${todoId}. \`muster board\` names them.`);
  const revision = number ?? todo.revision;
  const ends = diffEnds(todo, revision, state);
  if (!ends) throw new NotShown('unknown-id', `${todoId} "${todo.title}" has no revision ${revision}; it is at ${todo.revision}.`);
  const patch = ends.of === 'nothing' ? '' : await runtime.kept.diff(ends.base, ends.head);
  if (patch === null)
    throw new NotShown(
      'not-kept',
      `The files of revision ${revision} of ${todoId} "${todo.title}" are not kept: they were cleaned up, or there is no repository.`,
    );
  const files = diffFiles(patch);
  const sum = (side: 'added' | 'removed'): number => files.reduce((total, file) => total + file[side], 0);
  return { todoId, revision, ...ends, files, addedTotal: sum('added'), removedTotal: sum('removed') };
}

interface OutputRange {
  readonly turnId: string;
  readonly before?: number;
  readonly after?: number;
  readonly limitBytes?: number;
}

/** A page of what a turn said and did. Throws `NotShown`. */
export async function turnOutput(
  runtime: Runtime,
  { turnId, limitBytes = defaultPageBytes, ...range }: OutputRange,
): Promise<TurnOutputView> {
  const turn = turnOf(runtime, turnId);
  const page = await runtime.kept.turnLog(turnId, { ...range, limitBytes });
  return { turnId, ...page, isLive: turn.status !== 'ended' };
}

/** The prompt of a turn as it was sent. Throws `NotShown`. */
export async function turnPrompt(runtime: Runtime, turnId: string): Promise<TurnPromptView> {
  const { promptSha256: sha256, promptVersion: version, promptBytes: bytes } = turnOf(runtime, turnId);
  if (sha256 === '') throw new NotShown('not-kept', `Turn ${turnId} has no prompt yet: it waits to begin.`);
  const text = await runtime.kept.blob(sha256);
  if (text === null) throw new NotShown('not-kept', `The prompt of turn ${turnId} is not kept any more.`);
  return { turnId, text: text.toString('utf8'), version, sha256, bytes };
}

/** A page of the output of a command, for the hashes that a receipt names and no others. Throws `NotShown`. */
export async function receiptOutput(
  runtime: Runtime,
  {
    sha256,
    offset = 0,
    limitBytes = largestPageBytes,
  }: { readonly sha256: string; readonly offset?: number; readonly limitBytes?: number },
): Promise<TextPageView> {
  if (!isNamed(runtime, sha256)) throw new NotShown('unknown-id', `No receipt names an output ${sha256.slice(0, 12)}….`);
  const bytes = await runtime.kept.blob(sha256);
  if (bytes === null) throw new NotShown('not-kept', `The output ${sha256.slice(0, 12)}… is not kept any more.`);
  const { from, to } = pageAt(bytes.length, { after: offset, limitBytes });
  return pageText(bytes.subarray(from, to), from, bytes.length);
}

function turnOf(runtime: Runtime, turnId: string) {
  const turn = runtime.state().turns[turnId];
  if (!turn) throw new NotShown('unknown-id', `There is no turn ${turnId} in the sprints that are kept in memory.`);
  return turn;
}

const isNamed = (runtime: Runtime, sha256: string): boolean =>
  Object.values(runtime.state().todos).some(({ revisions }) =>
    revisions.some(({ receipt }) => receipt?.commands.some(({ outputHash }) => outputHash === sha256) === true),
  );
