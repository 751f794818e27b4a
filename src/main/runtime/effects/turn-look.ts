import type { Turn } from '../../../shared/domain/state.js';
import type { WorktreeGuard } from '../ports/git-repository.js';
import { bothDone, onItsWay } from './both-done.js';
import type { EffectServices } from './effect-services.js';
import { gitOf } from './effect-services.js';
import type { SecretInFile } from './keep-secrets-out.js';
import { cleanCheckout, cleanFolder, secretsInCheckout, writtenSentence } from './keep-secrets-out.js';
import { endCheckpoint, keepCutOff } from './left-work.js';
import { putBack } from './put-back.js';
import { diffSoFar } from './turn-input.js';
import type { TurnPlace } from './turn-place.js';
import type { ExitRecord } from './turn-records.js';
import { guardFile, readJson } from './turn-records.js';

const nothing = (): Promise<void> => Promise.resolve();

/** What an attempt did to git and to files. */
export type TurnFindings = Pick<ExitRecord, 'tree' | 'notes' | 'breaches' | 'isWorktreeGone'>;

/** What git was before this attempt; kept over a restart, as the attempt may have changed git before the runtime was killed. */
export async function guardOf(services: EffectServices, turn: Turn, place: TurnPlace): Promise<WorktreeGuard | null> {
  if (!place.worktree) return null;
  const { attempts, failures } = turn;
  const known = await readJson<{ readonly before: number; readonly guard: WorktreeGuard }>(guardFile(place));
  if (known && (attempts > failures.length || known.before === attempts)) return known.guard;
  return readGuard(services, turn, place);
}

/** What git is now, written down for the attempt that begins. */
export async function readGuard(services: EffectServices, turn: Turn, place: TurnPlace): Promise<WorktreeGuard | null> {
  if (!place.worktree) return null;
  const guard = await gitOf(services).readGuard(place.worktree);
  await services.writeDurably(guardFile(place), JSON.stringify({ before: turn.attempts, guard }));
  return guard;
}

/** Secrets that the turn wrote into files are taken out before git, which forgets nothing, sees them. `besides` is done while git looks. */
export async function takeOutSecrets(
  services: EffectServices,
  turn: Turn,
  { worktree }: TurnPlace,
  besides: () => Promise<unknown> = nothing,
): Promise<{ readonly secret: readonly SecretInFile[]; readonly seenTree: string | null }> {
  if (!worktree) return { secret: [], seenTree: null };
  const { secrets } = services;
  const git = gitOf(services);
  const [{ touched, tree }] = await bothDone(git.lookOver(worktree), onItsWay().then(besides));
  const looked = { ...git, touchedPaths: () => Promise.resolve(touched) };
  const secret = await secretsInCheckout(looked, worktree, turn.checkpointTree, secrets);
  await cleanCheckout(worktree.path, secret, secrets);
  return { secret, seenTree: secret.length === 0 ? tree : null };
}

/** What the runner and the agent wrote beside the checkout; a login that was renewed meanwhile counts as well. */
export async function cleanFolders({ secrets }: EffectServices, place: TurnPlace): Promise<void> {
  await cleanFolder(place.turnDir, ['checkout'], secrets);
  await cleanFolder(place.sessionDir, [], secrets);
}

/** Puts the worktree back to before the turn. What stands there may be a person's, who came while nobody was watching, and is kept; that is said. */
export async function goBack(services: EffectServices, turn: Turn, place: TurnPlace): Promise<readonly string[]> {
  if (!place.worktree) return [];
  const git = gitOf(services);
  await takeOutSecrets(services, turn, place);
  const id = await keepCutOff(git, place.worktree, turn);
  await git.restoreCheckpoint(place.worktree, turn.turnId);
  return id === null ? [] : [`An attempt was cut off; what stood in the worktree is kept as refs/muster/checkpoints/${id}.`];
}

/**
 * What the turn did to git and to files that are not its own is put back; the rest is kept as its result. `besides` may be done while git
 * looks, or not at all.
 */
export async function inspectTurn(
  services: EffectServices,
  turn: Turn,
  place: TurnPlace,
  guard: WorktreeGuard | null,
  besides?: () => Promise<unknown>,
): Promise<TurnFindings> {
  if (!place.worktree || !guard) return { tree: '', notes: [], breaches: [] };
  const git = gitOf(services);
  const found = await git.enforceGuard(place.worktree, guard);
  const isMissing = found.some(({ what }) => what === 'worktree-missing');
  const { secret, seenTree } = isMissing ? { secret: [], seenTree: null } : await takeOutSecrets(services, turn, place, besides);
  const notes = found.filter(({ what, by }) => what === 'own-commits' || by === 'unknown').map(({ detail }) => detail);
  const broken = found.filter(({ what, by }) => what !== 'own-commits' && by === 'turn').map(({ detail }) => detail);
  const breaches = [...broken, ...secret.map(writtenSentence)];
  const before = turn.checkpointTree;
  if (isMissing) return { tree: before, notes, breaches, isWorktreeGone: true };
  const tree = seenTree ?? (await git.writeTree(place.worktree));
  // The checkpoint from before the turn holds this state already.
  if (tree === before) return { tree, notes, breaches };
  const kept = await putBack(git, place.worktree, { before, after: tree }, turn.role, services.rightsOf(turn.role));
  // The next turn's prompt asks for the same diff, which is kept.
  if (kept.tree !== before) await bothDone(git.checkpoint(place.worktree, endCheckpoint(turn)), diffSoFar(services, place, kept.tree));
  return { tree: kept.tree, notes: [...notes, ...kept.notes], breaches };
}

/** A turn that somebody stopped is over, and what it left is kept to tell a person's changes from; one that Muster's own end interrupts goes on. */
export async function leaveStopped(services: EffectServices, turn: Turn, place: TurnPlace, guard: WorktreeGuard | null): Promise<void> {
  if (turn.status !== 'ended') return void (await takeOutSecrets(services, turn, place));
  const { isWorktreeGone = false } = await inspectTurn(services, turn, place, guard);
  if (place.worktree && !isWorktreeGone) await gitOf(services).checkpoint(place.worktree, endCheckpoint(turn));
}
