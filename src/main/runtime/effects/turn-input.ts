import { subjectIdOf } from '../../../shared/domain/advance.js';
import type { Turn } from '../../../shared/domain/state.js';
import { sessionContext } from '../roles/session-context.js';
import type { SessionDocument, SessionSeed } from '../roles/session-folder.js';
import { fillSpare, seedSession, sha256 } from '../roles/session-folder.js';
import type { EffectServices } from './effect-services.js';
import { gitOf } from './effect-services.js';
import type { TurnPlace } from './turn-place.js';
import { documentsFile } from './turn-records.js';

const seedOf = (services: EffectServices, turn: Turn, place: TurnPlace, documents: readonly SessionDocument[]): SessionSeed => ({
  sessionDir: place.sessionDir,
  spareDir: services.paths.spareSession(turn.role),
  copies: services.sessionCopies(turn.role),
  documents,
  context: (room) => sessionContext(place, room),
});

/** Fills the session's folder, and keeps what its documents are, by which those that the turn changes are told. */
export async function seedTurn(services: EffectServices, turn: Turn, place: TurnPlace): Promise<readonly SessionDocument[]> {
  const documents = await services.documentsOf(place.sprint);
  const hashes = Object.fromEntries(documents.map(({ name, bytes }) => [name, sha256(bytes)]));
  await Promise.all([
    services.writeDurably(documentsFile(place), JSON.stringify(hashes)),
    seedSession(seedOf(services, turn, place, documents)),
  ]);
  return documents;
}

/** Fills a folder for the role's next session while this turn's runner works: its some forty files are what a new session waits for. */
export async function fillNextSession(
  services: EffectServices,
  turn: Turn,
  place: TurnPlace,
  documents: readonly SessionDocument[],
): Promise<void> {
  try {
    await fillSpare(seedOf(services, turn, place, documents));
  } catch (error) {
    // What the system refuses nobody misses: the next session makes its files itself, and says so when it cannot.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** What a todo's work has changed so far, `tree` being its present state; before anything of this revision, what the one before it changed. */
export async function diffSoFar(services: EffectServices, place: TurnPlace, tree: string): Promise<string> {
  const { todo } = place;
  if (!todo || !place.worktree || tree === '') return '';
  const previous = todo.revisions[todo.revision - 2];
  const base = todo.revisions[todo.revision - 1]?.base ?? '';
  const git = gitOf(services);
  const own = base === '' ? '' : await git.diff(base, tree);
  if (own !== '' || !previous?.commit || !previous.base) return own;
  return git.diff(previous.closeout?.onto ?? previous.base, previous.commit);
}

/** The answer that a repair turn is to mend; empty when there is none. */
export async function previousAnswer(services: EffectServices, { turnId, subject }: Turn): Promise<string> {
  const before = Object.values(services.state().turns)
    .filter((other) => other.turnId !== turnId && subjectIdOf(other.subject) === subjectIdOf(subject) && other.reportSha256 !== '')
    .at(-1);
  const bytes = before ? await services.blobs.get(before.reportSha256) : null;
  return bytes ? bytes.toString('utf8') : '';
}
