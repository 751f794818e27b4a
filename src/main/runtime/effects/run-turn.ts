import { reportJsonSchema } from '../../../shared/contract/report.js';
import type { Configuration } from '../../../shared/domain/configuration.js';
import { roleSettings } from '../../../shared/domain/configuration.js';
import { subjectIdOf } from '../../../shared/domain/advance.js';
import { restrictedReason } from '../../../shared/domain/queue.js';
import { plannerDocuments } from '../../../shared/domain/report.js';
import type { Turn } from '../../../shared/domain/state.js';
import type { EffectOutcomes, TurnOutcome } from '../../../shared/domain/vocabulary.js';
import type { EffectHandler, EffectRun } from '../ports/effect-handler.js';
import type { WorktreeGuard } from '../ports/git-repository.js';
import type { Runner, RunnerEvent, TurnActivity, TurnInput } from '../ports/runner.js';
import { composePrompt, resumeText } from '../roles/compose-prompt.js';
import type { ReadReport } from '../roles/read-report.js';
import { readReport } from '../roles/read-report.js';
import type { RoleSkill } from '../roles/role-skills.js';
import { keptAsTheyAre, takeBackDocuments } from '../roles/session-folder.js';
import { bothDone, onItsWay } from './both-done.js';
import type { EffectServices } from './effect-services.js';
import { gitOf } from './effect-services.js';
import type { SecretInFile } from './keep-secrets-out.js';
import { cleanCheckout, cleanFolder, quotedSentence, secretsInCheckout, writtenSentence } from './keep-secrets-out.js';
import { endCheckpoint, keepCutOff, noteHands } from './left-work.js';
import { putBack } from './put-back.js';
import { diffSoFar, previousAnswer, seedTurn } from './turn-input.js';
import { findTurnPlace } from './turn-place.js';
import type { TurnPlace } from './turn-place.js';
import { documentsFile, exitFile, guardFile, readJson } from './turn-records.js';
import type { ExitRecord } from './turn-records.js';
import { noTokens, plusTokens, tokensOf, untoldTokens } from './turn-tokens.js';

type Outcome = EffectOutcomes['run-turn'];
type Tokens = Turn['tokens'];

/** One turn's way through the runtime: prepare, run, look at what it did, read its report. */
class TurnRun {
  readonly #services: EffectServices;
  readonly #run: EffectRun;
  readonly #turnId: string;
  #foundSkills: Promise<readonly RoleSkill[]> | null = null;

  constructor(services: EffectServices, run: EffectRun, turnId: string) {
    this.#services = services;
    this.#run = run;
    this.#turnId = turnId;
  }

  get #turn(): Turn {
    const turn = this.#services.state().turns[this.#turnId];
    if (!turn) throw new Error(`Turn ${this.#turnId} is gone.`);
    return turn;
  }

  get #configuration(): Configuration {
    const { configuration } = this.#services.state();
    if (!configuration) throw new Error('No configuration was loaded.');
    return configuration;
  }

  /** The same for the prompt as for the runner. */
  #skills(): Promise<readonly RoleSkill[]> {
    this.#foundSkills ??= this.#services.skillsOf(this.#turn.role);
    return this.#foundSkills;
  }

  async outcome(): Promise<Outcome> {
    const state = this.#services.state();
    // It may have been asked for before somebody changed what it would run.
    if (!state.isTrusted) return this.#failed('could-not-start', restrictedReason(state), '', noTokens);
    const runner = this.#services.runnerFor(this.#turn.role);
    if (!runner)
      return this.#failed(
        'could-not-start',
        `No runner is configured for the ${this.#turn.role}. \`muster doctor\` says what is missing.`,
        '',
        noTokens,
      );
    await this.#services.secrets.refresh();
    const place = await findTurnPlace(this.#services, this.#turn);
    const known = await this.#knownExit(place);
    const outcome = known ? await this.#fromExit(place, known) : await this.#runIt(runner, place);
    // A turn that somebody stopped does not come back to its place; one that only Muster's own end interrupts does.
    if (!this.#run.signal.aborted || this.#turn.status === 'ended') await place.leave();
    return outcome;
  }

  /** An exit record of the present attempt whose tree is still what stands in the worktree. */
  async #knownExit(place: TurnPlace): Promise<ExitRecord | null> {
    const exit = await readJson<ExitRecord>(exitFile(place));
    if (typeof exit?.text !== 'string' || exit.attempt !== this.#turn.attempts || this.#turn.failures.length >= this.#turn.attempts)
      return null;
    if (exit.breaches.length > 0) return exit;
    if (place.trouble?.kind === 'gone') return null;
    const { seenTree } = await this.#takeOutSecrets(place);
    const tree = seenTree ?? (place.worktree ? await gitOf(this.#services).writeTree(place.worktree) : '');
    return tree === exit.tree ? exit : null;
  }

  async #runIt(runner: Runner, place: TurnPlace): Promise<Outcome> {
    const { status, promptSha256 } = this.#turn;
    if (status === 'ended' && promptSha256 === '') return this.#failed('stopped', 'The turn was stopped before it began.', '', noTokens);
    // A process may have been started and the runtime killed before it wrote that down, so a prepared turn is not a fresh one.
    const mayHaveRun = this.#turn.status !== 'waiting';
    if (place.trouble?.kind === 'gone')
      return { kind: 'worktree-gone', tokens: await untoldTokens(this.#services, this.#turn), attempt: this.#turn.attempts };
    // An attempt that was interrupted may have switched it itself; that is put back at its end, by what was kept before it began.
    if (place.trouble && (!mayHaveRun || (await readJson(guardFile(place))) === null))
      return this.#failed('could-not-start', place.trouble.reason, '', noTokens);
    // Checkpoints are none of the refs that the guard looks at, so one need not wait for the other.
    const [, early] = mayHaveRun
      ? []
      : await bothDone(
          this.#prepare(runner, place),
          onItsWay().then(() => this.#guardAnew(place)),
        );
    const turn = this.#turn;
    const wasInterrupted = turn.attempts > turn.failures.length;
    const limit = this.#services.state().configuration?.limits.turnAttempts ?? 2;
    if (wasInterrupted && turn.attempts >= limit) {
      await this.#inspect(place, await this.#guard(place));
      return this.#failed('crashed', 'Muster was ended while it ran, each time.', place.turnDir, await untoldTokens(this.#services, turn));
    }
    const canResume = wasInterrupted && turn.sessionId !== '';
    const before = mayHaveRun && !canResume ? await this.#goBack(place) : [];
    const guard = early ?? (await this.#guard(place));
    // A runner tells what its own earlier attempts used, not those of another that the role had before.
    const earlier = runner.id === turn.runner ? noTokens : await untoldTokens(this.#services, turn);
    const result = await runner.run(await this.#input(place, canResume), (event) => this.#heard(event), this.#run.signal);
    const tokens = plusTokens(earlier, tokensOf(result.usage));
    await this.#services.secrets.refresh();
    const [, found] = await bothDone(
      this.#cleanFolders(place),
      this.#run.signal.aborted ? this.#leaveStopped(place, guard).then(() => null) : this.#inspect(place, guard),
    );
    if (found === null) return this.#failed('stopped', 'The turn was stopped.', place.turnDir, tokens);
    if (result.kind === 'failed')
      return found.isWorktreeGone
        ? { kind: 'breach', breaches: found.breaches, isWorktreeGone: true, tokens, attempt: this.#turn.attempts }
        : this.#failed(result.reason, result.message, place.turnDir, tokens);
    const { text, names } = this.#services.secrets.redact(result.text);
    const notes = [...before, ...found.notes, ...(result.notes ?? []), ...(names.length > 0 ? [quotedSentence(names)] : [])];
    const exit: ExitRecord = { attempt: this.#turn.attempts, text, tokens, ...found, notes };
    const [, outcome] = await bothDone(this.#services.writeDurably(exitFile(place), JSON.stringify(exit)), this.#fromExit(place, exit));
    return outcome;
  }

  /** Puts the worktree back to before the turn. What stands there may be a person's, who came while nobody was watching, and is kept. */
  async #goBack(place: TurnPlace): Promise<readonly string[]> {
    if (!place.worktree) return [];
    const git = gitOf(this.#services);
    await this.#takeOutSecrets(place);
    const id = await keepCutOff(git, place.worktree, this.#turn);
    await git.restoreCheckpoint(place.worktree, this.#turnId);
    return id === null ? [] : [`An attempt was cut off; what stood in the worktree is kept as refs/muster/checkpoints/${id}.`];
  }

  /** The state before the turn is kept, the session's folder filled, the prompt written; then it is in the journal. */
  async #prepare(runner: Runner, place: TurnPlace): Promise<void> {
    const { blobs, state, tell } = this.#services;
    const turn = this.#turn;
    const [checkpoint, [documents, prompts, skills]] = await Promise.all([
      place.worktree ? gitOf(this.#services).checkpoint(place.worktree, turn.turnId) : null,
      onItsWay().then(() =>
        Promise.all([seedTurn(this.#services, turn, place), this.#services.readPrompts(turn.role, turn.step), this.#skills()]),
      ),
    ]);
    if (checkpoint && place.todo) await noteHands(this.#services, place.todo.todoId, { tree: checkpoint.tree, head: place.head });
    const prompt = composePrompt({
      state: state(),
      turn,
      roleText: prompts.text,
      diff: await diffSoFar(this.#services, place, checkpoint?.tree ?? ''),
      mark: `MUSTER-${this.#services.ids.hex(12)}`,
      schema: JSON.stringify(reportJsonSchema(turn.role)),
      paths: { checkout: place.checkout, sessionDir: place.sessionDir },
      documents: documents.map(({ name }) => name),
      skills,
      previousAnswer: turn.purpose === 'repair' ? await previousAnswer(this.#services, turn) : '',
    });
    const session = state().sessions[place.sessionKey];
    await tell({
      type: 'note-turn-prepared',
      turnId: turn.turnId,
      promptSha256: await blobs.put(prompt),
      promptVersion: prompts.version,
      promptBytes: Buffer.byteLength(prompt),
      checkpointTree: checkpoint?.tree ?? '',
      runner: runner.id,
      model: runner.isRehearsal ? '' : roleSettings(this.#configuration, turn.role).model,
      isRehearsal: runner.isRehearsal,
      sessionKey: session && session.runner !== runner.id ? `${place.sessionKey}.${runner.id}` : place.sessionKey,
    });
  }

  /** What git was before this attempt; kept over a restart, as the attempt may have changed git before the runtime was killed. */
  async #guard(place: TurnPlace): Promise<WorktreeGuard | null> {
    if (!place.worktree) return null;
    const { attempts, failures } = this.#turn;
    const known = await readJson<{ readonly before: number; readonly guard: WorktreeGuard }>(guardFile(place));
    if (known && (attempts > failures.length || known.before === attempts)) return known.guard;
    return this.#guardAnew(place);
  }

  async #guardAnew(place: TurnPlace): Promise<WorktreeGuard | null> {
    if (!place.worktree) return null;
    const guard = await gitOf(this.#services).readGuard(place.worktree);
    await this.#services.writeDurably(guardFile(place), JSON.stringify({ before: this.#turn.attempts, guard }));
    return guard;
  }

  async #input(place: TurnPlace, canResume: boolean): Promise<TurnInput> {
    const { state, blobs } = this.#services;
    const turn = this.#turn;
    const settings = roleSettings(this.#configuration, turn.role);
    const bytes = await blobs.get(turn.promptSha256);
    if (!bytes) throw new Error(`The prompt of ${turn.turnId} is missing from the blobs.`);
    const session = state().sessions[turn.sessionKey];
    const skills = (await this.#skills()).map(({ name }) => name);
    return {
      turnId: turn.turnId,
      attempt: turn.attempts + 1,
      toldAttempts: turn.toldAttempts ?? 0,
      prompt: canResume ? resumeText : bytes.toString('utf8'),
      // A conversation in which an attempt failed may itself be what is broken: the next attempt begins a new one.
      resumeSessionId: canResume ? turn.sessionId : turn.failures.length > 0 ? null : (session?.sessionId ?? null),
      facts: {
        scope: turn.subject.kind,
        role: turn.role,
        member: turn.member,
        step: turn.step,
        subject: subjectTitle(this.#services, turn),
        revision: turn.subject.kind === 'todo' ? turn.subject.revision : 1,
        visit: turn.visit,
        purpose: turn.purpose === 'repair' ? 'repair' : 'work',
      },
      checkout: place.checkout,
      sessionDir: place.sessionDir,
      turnDir: place.turnDir,
      model: settings.model,
      reasoning: settings.reasoning,
      reportSchema: reportJsonSchema(turn.role),
      loadout: { permissions: { allow: [], ask: [], deny: [] }, network: settings.network, skills },
      timeLimitMs: this.#configuration.limits.turnMinutes * 60_000,
    };
  }

  async #heard(event: RunnerEvent): Promise<void> {
    const turnId = this.#turnId;
    const { tell, secrets } = this.#services;
    const onTurnActivity = (activity: TurnActivity): void =>
      this.#services.onTurnActivity({ ...activity, text: secrets.redact(activity.text).text });
    if (event.type === 'spawned')
      await tell({ type: 'note-turn-spawned', turnId, pid: event.identity.pid, startTime: event.identity.startTime });
    else if (event.type === 'session') await tell({ type: 'note-turn-session', turnId, sessionId: event.sessionId });
    else if (event.type === 'text' || event.type === 'reasoning') onTurnActivity({ turnId, kind: event.type, text: event.text });
    else if (event.type === 'command') onTurnActivity({ turnId, kind: 'command', text: event.command });
    else if (event.type === 'file-change') onTurnActivity({ turnId, kind: 'file-change', text: `${event.change} ${event.path}` });
    else if (event.type === 'error') onTurnActivity({ turnId, kind: 'error', text: event.message });
  }

  /** What the turn did to git and to files that are not its own is put back; the rest is kept as its result. */
  async #inspect(
    place: TurnPlace,
    guard: WorktreeGuard | null,
  ): Promise<Pick<ExitRecord, 'tree' | 'notes' | 'breaches' | 'isWorktreeGone'>> {
    if (!place.worktree || !guard) return { tree: '', notes: [], breaches: [] };
    const git = gitOf(this.#services);
    const found = await git.enforceGuard(place.worktree, guard);
    const isMissing = found.some(({ what }) => what === 'worktree-missing');
    const { secret, seenTree } = isMissing ? { secret: [], seenTree: null } : await this.#takeOutSecrets(place);
    const notes = found.filter(({ what, by }) => what === 'own-commits' || by === 'unknown').map(({ detail }) => detail);
    const broken = found.filter(({ what, by }) => what !== 'own-commits' && by === 'turn').map(({ detail }) => detail);
    const breaches = [...broken, ...secret.map(writtenSentence)];
    const before = this.#turn.checkpointTree;
    if (isMissing) return { tree: before, notes, breaches, isWorktreeGone: true };
    const tree = seenTree ?? (await git.writeTree(place.worktree));
    // The checkpoint from before the turn holds this state already.
    if (tree === before) return { tree, notes, breaches };
    const kept = await putBack(git, place.worktree, { before, after: tree }, this.#turn.role, this.#services.rightsOf(this.#turn.role));
    // The next turn's prompt asks for the same diff, which is kept.
    if (kept.tree !== before)
      await bothDone(git.checkpoint(place.worktree, endCheckpoint(this.#turn)), diffSoFar(this.#services, place, kept.tree));
    return { tree: kept.tree, notes: [...notes, ...kept.notes], breaches };
  }

  /** A turn that somebody stopped is over, and what it left is kept to tell a person's changes from; one that Muster's own end interrupts goes on. */
  async #leaveStopped(place: TurnPlace, guard: WorktreeGuard | null): Promise<void> {
    if (this.#turn.status !== 'ended') return void (await this.#takeOutSecrets(place));
    const { isWorktreeGone = false } = await this.#inspect(place, guard);
    if (place.worktree && !isWorktreeGone) await gitOf(this.#services).checkpoint(place.worktree, endCheckpoint(this.#turn));
  }

  /** Secrets that the turn wrote into files are taken out before git, which forgets nothing, sees them. */
  async #takeOutSecrets({ worktree }: TurnPlace): Promise<{ readonly secret: readonly SecretInFile[]; readonly seenTree: string | null }> {
    if (!worktree) return { secret: [], seenTree: null };
    const { secrets } = this.#services;
    const git = gitOf(this.#services);
    const { touched, tree } = await git.lookOver(worktree);
    const looked = { ...git, touchedPaths: () => Promise.resolve(touched) };
    const secret = await secretsInCheckout(looked, worktree, this.#turn.checkpointTree, secrets);
    await cleanCheckout(worktree.path, secret, secrets);
    return { secret, seenTree: secret.length === 0 ? tree : null };
  }

  /** What the runner and the agent wrote beside the checkout; a login that was renewed meanwhile counts as well. */
  async #cleanFolders(place: TurnPlace): Promise<void> {
    const { secrets } = this.#services;
    await cleanFolder(place.turnDir, ['checkout'], secrets);
    await cleanFolder(place.sessionDir, [], secrets);
  }

  /** The journal names the answer once the turn is settled; until then its blob and the exit record may come in any order. */
  async #fromExit(place: TurnPlace, exit: ExitRecord): Promise<Outcome> {
    const common = { tokens: exit.tokens, attempt: exit.attempt };
    const { breaches, isWorktreeGone } = exit;
    if (breaches.length > 0) return { kind: 'breach', breaches, ...(isWorktreeGone ? { isWorktreeGone } : {}), ...common };
    const [answerSha256, { read, documents, existing, notes }] = await bothDone(
      this.#services.blobs.put(exit.text),
      this.#readAnswer(place, exit.text),
    );
    if (read.kind === 'malformed') return { kind: 'malformed', reason: read.reason, outputSha256: answerSha256, ...common };
    if (read.kind === 'contract') return { kind: 'contract', problems: read.problems, reportSha256: answerSha256, ...common };
    const report: TurnOutcome = {
      kind: 'report',
      report: read.report,
      reportSha256: answerSha256,
      outputTree: exit.tree,
      documents,
      existingDocuments: existing.filter((name) => plannerDocuments.includes(name)),
      notes: [...exit.notes, ...notes],
    };
    return { ...report, ...common };
  }

  /** The report, and where it is one, the documents that the turn changed, all that there are by name, and what was left out. */
  async #readAnswer(
    place: TurnPlace,
    text: string,
  ): Promise<{
    readonly read: ReadReport;
    readonly documents: { readonly name: string; readonly sha256: string }[];
    readonly existing: readonly string[];
    readonly notes: readonly string[];
  }> {
    const turn = this.#turn;
    const read = readReport(text, { role: turn.role, subjectId: subjectIdOf(turn.subject) });
    if (read.kind !== 'report') return { read, documents: [], existing: [], notes: [] };
    const before = (await readJson<Record<string, string>>(documentsFile(place))) ?? {};
    const back = takeBackDocuments(place.sessionDir, new Map(Object.entries(before)));
    const documents = await Promise.all(
      back.changed
        .filter(({ name }) => !keptAsTheyAre.has(name))
        .map(async ({ name, bytes: content }) => ({ name, sha256: await this.#services.blobs.put(content) })),
    );
    const existing = new Set([...Object.keys(before), ...documents.map(({ name }) => name), ...(place.sprint ? keptAsTheyAre : [])]);
    return { read, documents, existing: [...existing], notes: back.notes };
  }

  #failed(reason: string, message: string, log: string, tokens: Tokens): Outcome {
    return { kind: 'failed', reason, message, log, tokens, attempt: this.#turn.attempts };
  }
}

function subjectTitle(services: EffectServices, { subject }: Turn): string {
  const state = services.state();
  if (subject.kind === 'todo') return state.todos[subject.todoId]?.title ?? '';
  return subject.kind === 'sprint'
    ? (state.sprints[subject.sprintId]?.requestedMilestone ?? '')
    : (state.requests[subject.requestId]?.scope ?? '');
}

/** Runs a turn to its report, surviving restarts by the table of rules 1. */
export const createRunTurn =
  (services: EffectServices): EffectHandler<'run-turn'> =>
  (effect, run) =>
    new TurnRun(services, run, effect.turnId).outcome();
