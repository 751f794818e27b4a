import { basename } from 'node:path';
import type { RunnerId } from '../../../shared/domain/configuration.js';
import { runnerIds } from '../../../shared/domain/configuration.js';
import type { Runtime } from '../../runtime/runtime-api.js';
import { workspaceState } from '../../runtime/workspace/state-folder.js';
import { gateAddress, startLocalGate } from '../../host/local-gate.js';
import type { LocalGate } from '../../host/local-gate.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';
import { clientOver, contextOver } from '../connect.js';
import { partsToPlay } from '../demo/demo-person.js';
import { playDemo } from '../demo/play-demo.js';
import type { DemoEnd } from '../demo/play-demo.js';
import { whyNotReady } from '../demo/runner-readiness.js';
import type { Invocation } from '../invocation.js';
import { showProgress } from '../progress.js';
import type { Progress } from '../progress.js';
import { badgeText } from '../screens/show-card.js';
import { columnsOf, count, oneLine, spaced } from '../terminal-text.js';

function speedOf(invocation: Invocation): number {
  const text = invocation.text('speed') || '1';
  const speed = Number(text);
  if (Number.isFinite(speed) && speed >= 0) return speed;
  throw new CliError(`A speed is a number from 0 (no waiting) upwards, not "${text}".`, 2);
}

/** null: not given. Nothing is made for a runner that cannot run here. */
async function runnerOf(invocation: Invocation): Promise<RunnerId | null> {
  const text = invocation.text('runner');
  if (text === '') return null;
  const runner = runnerIds.find((id) => id === text);
  if (!runner) throw new CliError(`A runner is one of ${runnerIds.join(', ')}, not "${text}".`, 2);
  const { env, clock } = invocation.places;
  const reason = await whyNotReady(runner, env, clock);
  if (reason !== null) throw new CliError(`Could not play the demo with ${runner}: ${reason}`);
  return runner;
}

const whoPlays = (runner: RunnerId): string =>
  runner === 'rehearsal'
    ? 'Scripts play the roles: nothing that they say comes from an agent.'
    : `${runner} runs every turn with your own login: its service is asked, and your account pays for it.`;

function endLines({ place, result, isDone, reason }: DemoEnd): string[] {
  const rows = result.todos.map(({ todo_id, title, column, revisions }) => [
    todo_id,
    spaced(column).toUpperCase(),
    oneLine(title),
    badgeText(revisions.at(-1)?.receipt?.badge ?? 'no receipt'),
    revisions.at(-1)?.commit.slice(0, 10) ?? '',
  ]);
  return [
    '',
    ...columnsOf(rows),
    '',
    isDone ? 'The sample sprint is done: every card is approved.' : `The sample sprint is not done: ${reason}`,
    `Look at it: git -C ${place.project} log --oneline`,
    `            muster board --workspace-root ${place.workspace}`,
  ];
}

/** The runtime of a demo, shown and reachable for as long as it plays. */
class DemoDesk {
  readonly #invocation: Invocation;
  #progress: Promise<Progress> | null = null;
  #gate: Promise<LocalGate> | null = null;
  #wake = (): void => undefined;
  readonly #asked = new Set<string>();
  #hasAsked = false;
  #changes = 0;

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
  }

  open(runtime: Runtime, person: string): void {
    const { places, isJson } = this.#invocation;
    const context = contextOver(runtime, places, true, person);
    this.#gate = startLocalGate({ socketPath: workspaceState(runtime.workspaceDir).controlSocket, context });
    if (!isJson) this.#progress = showProgress(clientOver(context), places);
    // Each is awaited at the end; until then a failure must not end the program.
    this.#gate.catch(() => undefined);
    this.#progress?.catch(() => undefined);
  }

  changed(): void {
    this.#changes += 1;
    this.#wake();
  }

  async say(line: string): Promise<void> {
    if (this.#progress) (await this.#progress).say(line);
    else this.#invocation.note(line);
  }

  /** Asks once, where a person sits at a terminal and only their word is missing, whether all is approved; true when they said yes. */
  async approveAll(runtime: Runtime, person: string): Promise<boolean> {
    const parts = partsToPlay(runtime.state());
    const { places, isJson } = this.#invocation;
    if (this.#hasAsked || isJson || !places.stdout.isTerminal || parts.length === 0) return false;
    this.#hasAsked = true;
    await (await this.#progress)?.stop();
    this.#progress = null;
    if (!(await places.confirm(`The sprint has ended. Approve the ${count(parts.length, 'card')} that are DONE?`))) return false;
    for (const { command } of parts) {
      if (!('todoId' in command)) continue;
      const { revision = 1 } = runtime.state().todos[command.todoId] ?? {};
      const origin = { commandId: `demo-word-${places.ids.hex(16)}`, actor: { kind: 'person', id: person, via: 'cli' } as const };
      const answer = await runtime.dispatch({ type: 'approve', todoId: command.todoId, revision, comment: '' }, origin);
      if (!answer.ok) this.#invocation.note(answer.error.message);
    }
    return true;
  }

  /** Says what a person can do from another terminal, each thing once, and resolves at the next change. */
  async waitForPerson(lines: readonly string[]): Promise<void> {
    const seen = this.#changes;
    if (lines.some((line) => !this.#asked.has(line))) for (const line of lines) await this.say(line);
    for (const line of lines) this.#asked.add(line);
    // Somebody may have acted while it was said.
    if (seen === this.#changes) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async close(): Promise<void> {
    await (await this.#progress)?.stop();
    await (await this.#gate)?.stop();
  }
}

/** `muster demo`: a whole sprint on a sample project, offline, with scripts in place of agents unless a runner is named. */
export const demoCommand: CommandSpec = {
  path: ['demo'],
  says: 'run the sample sprint offline, with scripts in place of agents',
  options: [
    { usage: '--dir <path>', says: 'where the sample is made (default: in your state folder)' },
    { usage: '--headless', says: "the person's part is played as well" },
    { usage: '--speed <number>', says: '1: as the rehearsal says, 0: without waiting' },
    { usage: '--rehearsal <name>', says: 'another shipped rehearsal (default: sample)' },
    { usage: '--runner <name>', says: 'codex or claude: real agents with your own login, in place of scripts' },
  ],
  hasJson: true,
  run: async (invocation) => {
    const desk = new DemoDesk(invocation);
    const person = await invocation.person();
    let root = '';
    let playing: Runtime | null = null;
    const options = {
      dir: invocation.text('dir') || null,
      headless: invocation.has('headless'),
      speed: speedOf(invocation),
      rehearsal: invocation.text('rehearsal') || 'sample',
      runner: await runnerOf(invocation),
      addressOf: ({ workspace }: { readonly workspace: string }) => gateAddress(workspaceState(workspace).controlSocket),
    };
    try {
      const end = await playDemo(options, {
        opened: (runtime, place) => {
          root = place.workspace;
          playing = runtime;
          if (!invocation.isJson) invocation.say(`The sample is in ${place.dir}. ${whoPlays(place.runner)}`);
          desk.open(runtime, person);
        },
        changed: () => desk.changed(),
        said: (line) => void desk.say(line),
        needsPerson: async (state) => {
          if (playing && (await desk.approveAll(playing, person))) return;
          await desk.waitForPerson(askFor(partsToPlay(state), root));
        },
      });
      await desk.close();
      if (invocation.isJson) invocation.places.stdout.write(`${JSON.stringify(end.result, null, 2)}\n`);
      else invocation.say(...endLines(end));
      if (!end.isDone) invocation.note(end.reason);
      return end.isDone ? 0 : 1;
    } finally {
      await desk.close();
    }
  },
};

const askFor = (parts: ReturnType<typeof partsToPlay>, root: string): string[] => [
  `It is your turn (or end this and run it with --headless). In another terminal, beside ${basename(root)}:`,
  ...parts.map(({ command }) => ('todoId' in command ? `  muster approve ${command.todoId} --workspace-root ${root}` : '')).filter(Boolean),
  ...(parts.length === 0 ? [`  muster status --workspace-root ${root}`] : []),
];
