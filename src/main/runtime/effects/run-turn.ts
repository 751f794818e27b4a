import { reportJsonSchema } from '../../../shared/contract/report.js';
import type { Configuration } from '../../../shared/domain/configuration.js';
import { roleSettings } from '../../../shared/domain/configuration.js';
import { restrictedReason } from '../../../shared/domain/queue.js';
import type { Turn } from '../../../shared/domain/state.js';
import type { EffectOutcomes } from '../../../shared/domain/vocabulary.js';
import type { EffectHandler, EffectRun } from '../ports/effect-handler.js';
import type { Runner, RunnerEvent, TurnActivity, TurnInput } from '../ports/runner.js';
import { composePrompt, resumeText } from '../roles/compose-prompt.js';
import type { RoleSkill } from '../roles/role-skills.js';
import type { SessionDocument } from '../roles/session-folder.js';
import { bothDone, onItsWay } from './both-done.js';
import type { EffectServices } from './effect-services.js';
import { gitOf } from './effect-services.js';
import { quotedSentence } from './keep-secrets-out.js';
import { noteHands } from './left-work.js';
import type { TakenAnswer } from './turn-answer.js';
import { outcomeOfExit, takeAnswer } from './turn-answer.js';
import { diffSoFar, fillNextSession, previousAnswer, seedTurn } from './turn-input.js';
import { cleanFolders, goBack, guardOf, inspectTurn, leaveStopped, readGuard, takeOutSecrets } from './turn-look.js';
import { findTurnPlace } from './turn-place.js';
import type { TurnPlace } from './turn-place.js';
import { exitFile, guardFile, readJson } from './turn-records.js';
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
  readonly #spawned = Promise.withResolvers<void>();

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
    const [place] = await bothDone(findTurnPlace(this.#services, this.#turn), this.#services.secrets.refresh());
    const known = await this.#knownExit(place);
    const outcome = known
      ? outcomeOfExit(known, await takeAnswer(this.#services, this.#turn, place, known.text))
      : await this.#runIt(runner, place);
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
    const { seenTree } = await takeOutSecrets(this.#services, this.#turn, place);
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
    const [documents, early] = mayHaveRun
      ? []
      : await bothDone(
          this.#prepare(runner, place),
          onItsWay().then(() => readGuard(this.#services, this.#turn, place)),
        );
    const turn = this.#turn;
    const wasInterrupted = turn.attempts > turn.failures.length;
    const limit = this.#services.state().configuration?.limits.turnAttempts ?? 2;
    if (wasInterrupted && turn.attempts >= limit) {
      await inspectTurn(this.#services, turn, place, await guardOf(this.#services, turn, place));
      return this.#failed('crashed', 'Muster was ended while it ran, each time.', place.turnDir, await untoldTokens(this.#services, turn));
    }
    const canResume = wasInterrupted && turn.sessionId !== '';
    const before = mayHaveRun && !canResume ? await goBack(this.#services, turn, place) : [];
    const guard = early ?? (await guardOf(this.#services, turn, place));
    // A runner tells what its own earlier attempts used, not those of another that the role had before.
    const earlier = runner.id === turn.runner ? noTokens : await untoldTokens(this.#services, turn);
    const running = runner.run(await this.#input(place, canResume), (event) => this.#heard(event), this.#run.signal);
    const [result] = await bothDone(
      running,
      this.#onceItRuns(running).then(() => (documents ? fillNextSession(this.#services, turn, place, documents) : undefined)),
    );
    const tokens = plusTokens(earlier, tokensOf(result.usage));
    await this.#services.secrets.refresh();
    if (this.#run.signal.aborted) {
      await bothDone(leaveStopped(this.#services, this.#turn, place, guard), cleanFolders(this.#services, place));
      return this.#failed('stopped', 'The turn was stopped.', place.turnDir, tokens);
    }
    if (result.kind === 'failed') {
      const [found] = await bothDone(inspectTurn(this.#services, this.#turn, place, guard), cleanFolders(this.#services, place));
      return found.isWorktreeGone
        ? { kind: 'breach', breaches: found.breaches, isWorktreeGone: true, tokens, attempt: this.#turn.attempts }
        : this.#failed(result.reason, result.message, place.turnDir, tokens);
    }
    const { text, names } = this.#services.secrets.redact(result.text);
    // Its documents are read when no secret is in them any more.
    let taking: Promise<TakenAnswer> | null = null;
    const take = (): Promise<TakenAnswer> =>
      (taking ??= cleanFolders(this.#services, place).then(() => takeAnswer(this.#services, this.#turn, place, text)));
    const found = await inspectTurn(this.#services, this.#turn, place, guard, take);
    const taken = await take();
    const notes = [...before, ...found.notes, ...(result.notes ?? []), ...(names.length > 0 ? [quotedSentence(names)] : [])];
    const exit: ExitRecord = { attempt: this.#turn.attempts, text, tokens, ...found, notes };
    await this.#services.writeDurably(exitFile(place), JSON.stringify(exit));
    return outcomeOfExit(exit, taken);
  }

  /** Once the runner's process is there and in the journal, or did not come to be. */
  async #onceItRuns(running: Promise<unknown>): Promise<void> {
    await Promise.race([this.#spawned.promise, running.catch(() => undefined)]);
  }

  /** The state before the turn is kept, the session's folder filled, the prompt written; then it is in the journal. */
  async #prepare(runner: Runner, place: TurnPlace): Promise<readonly SessionDocument[]> {
    const { blobs, state, tell } = this.#services;
    const turn = this.#turn;
    const [checkpoint, [documents, prompts, skills]] = await bothDone(
      Promise.resolve(place.worktree ? gitOf(this.#services).beginCheckpoint(place.worktree, turn.turnId) : null),
      onItsWay().then(() =>
        Promise.all([seedTurn(this.#services, turn, place), this.#services.readPrompts(turn.role, turn.step), this.#skills()]),
      ),
    );
    const tree = checkpoint?.tree ?? '';
    const compose = async (): Promise<string> => {
      if (checkpoint && place.todo) await noteHands(this.#services, place.todo.todoId, { tree, head: place.head });
      return composePrompt({
        state: state(),
        turn,
        roleText: prompts.text,
        diff: await diffSoFar(this.#services, place, tree),
        mark: `MUSTER-${this.#services.ids.hex(12)}`,
        schema: JSON.stringify(reportJsonSchema(turn.role)),
        paths: { checkout: place.checkout, sessionDir: place.sessionDir },
        documents: documents.map(({ name }) => name),
        skills,
        previousAnswer: turn.purpose === 'repair' ? await previousAnswer(this.#services, turn) : '',
      });
    };
    const keepPrompt = async (): Promise<{ readonly promptSha256: string; readonly promptBytes: number }> => {
      const prompt = await compose();
      return { promptSha256: await blobs.put(prompt), promptBytes: Buffer.byteLength(prompt) };
    };
    const [kept] = await bothDone(keepPrompt(), Promise.resolve(checkpoint?.kept));
    const session = state().sessions[place.sessionKey];
    await tell({
      type: 'note-turn-prepared',
      turnId: turn.turnId,
      ...kept,
      promptVersion: prompts.version,
      checkpointTree: tree,
      runner: runner.id,
      model: runner.isRehearsal ? '' : roleSettings(this.#configuration, turn.role).model,
      isRehearsal: runner.isRehearsal,
      sessionKey: session && session.runner !== runner.id ? `${place.sessionKey}.${runner.id}` : place.sessionKey,
    });
    return documents;
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
    if (event.type === 'spawned') {
      await tell({ type: 'note-turn-spawned', turnId, pid: event.identity.pid, startTime: event.identity.startTime });
      this.#spawned.resolve();
    } else if (event.type === 'session') await tell({ type: 'note-turn-session', turnId, sessionId: event.sessionId });
    else if (event.type === 'text' || event.type === 'reasoning') onTurnActivity({ turnId, kind: event.type, text: event.text });
    else if (event.type === 'command') onTurnActivity({ turnId, kind: 'command', text: event.command });
    else if (event.type === 'file-change') onTurnActivity({ turnId, kind: 'file-change', text: `${event.change} ${event.path}` });
    else if (event.type === 'error') onTurnActivity({ turnId, kind: 'error', text: event.message });
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
