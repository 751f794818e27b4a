import type { TurnFacts } from '../../src/main/runtime/ports/runner.js';
import { resumeText } from '../../src/main/runtime/roles/compose-prompt.js';
import { pickEntry } from '../../src/main/runtime/runners/rehearsal/pick-entry.js';
import { readRehearsal } from '../../src/main/runtime/runners/rehearsal/read-rehearsal.js';
import type { Rehearsal, RehearsalEntry } from '../../src/main/runtime/runners/rehearsal/rehearsal-schema.js';
import type { LoopbackModelServer, ModelCall, ModelReply, ModelRequest } from './loopback-model-server.js';
import type { Conversation, ModelDialect } from './model-dialects.js';
import { quoted } from './model-dialects.js';

/** One question of the agent's program, as the model understood it from the conversation alone. */
export interface AskedTurn {
  readonly facts: TurnFacts;
  /** The prompt with the task; the newest one of the conversation. */
  readonly prompt: string;
  /** The conversation goes on after an interruption: the last thing that was said is that. */
  readonly isResumed: boolean;
  /** Of the tools, since somebody last spoke. */
  readonly outputs: readonly string[];
  /** That the model has asked of the tools in the whole conversation. */
  readonly callsInAll: number;
  /** The conversation's id at the agent's program. */
  readonly thread: string;
}

/** A command that the model has its tools run before what the rehearsal says, in the turns that are meant. */
export interface Detour {
  readonly isMeant: (facts: TurnFacts) => boolean;
  readonly command?: string;
  /** Instead of a command. */
  readonly calls?: readonly ModelCall[];
}

const tooManyRequests = 2_000;

/** What a person's side said last, and the prompt with the task that it is about. */
function conversation({ said, calls, thread }: Conversation): Omit<AskedTurn, 'facts'> {
  const promptAt = said.findLastIndex(({ text }) => text.includes('## Your report'));
  const saidAt = said.findLastIndex(({ text }, at) => at === promptAt || text === resumeText);
  return {
    prompt: said[promptAt]?.text ?? '',
    isResumed: saidAt > promptAt,
    outputs: said.slice(saidAt + 1).flatMap(({ output }) => (output === null ? [] : [output])),
    callsInAll: calls,
    thread,
  };
}

const find = (text: string, pattern: RegExp): readonly string[] => {
  const found = pattern.exec(text);
  if (!found) throw new Error(`The prompt does not say ${String(pattern)}.`);
  return found.slice(1);
};

/** Which turn is asked for, read from nothing but the prompt. */
export function readFacts(prompt: string): TurnFacts {
  const [step = '', visit = '', member = ''] = find(prompt, /step (\w+), visit (\d+)\. You are the ([\w-]+)\.$/im);
  const common = { member, role: member.replace(/-\d+$/, ''), step, visit: Number(visit), purpose: 'work' as const };
  const todo = /^todo-\S+, revision (\d+), step /m.exec(prompt);
  if (todo) {
    const [subject = ''] = find(prompt, /^<<<\S+ title and summary\n(.+)$/m);
    return { ...common, scope: 'todo', subject, revision: Number(todo[1]) };
  }
  const [subject = ''] = find(prompt, /^<<<\S+ milestone as it was asked for\n(.+)$/m);
  return { ...common, scope: 'sprint', subject, revision: 1 };
}

/** A model's service that plays a rehearsal: it learns from the prompt whose turn it is, and works through the agent's own tools. */
export class RehearsingModelServer {
  /** In order of arrival. */
  readonly asked: AskedTurn[] = [];
  /** Why it could not answer. */
  readonly problems: string[] = [];
  readonly #rehearsal: Rehearsal;
  readonly #detours: readonly Detour[];
  readonly #dialect: ModelDialect;
  #server: LoopbackModelServer | null = null;

  private constructor(rehearsal: Rehearsal, detours: readonly Detour[], dialect: ModelDialect) {
    this.#dialect = dialect;
    this.#rehearsal = rehearsal;
    this.#detours = detours;
  }

  static async start(rehearsalFile: string, dialect: ModelDialect, detours: readonly Detour[] = []): Promise<RehearsingModelServer> {
    const model = new RehearsingModelServer(await readRehearsal(rehearsalFile), detours, dialect);
    model.#server = await dialect.serve((request) => model.#reply(request), tooManyRequests);
    return model;
  }

  get origin(): string {
    return this.#server?.origin ?? '';
  }

  /** Of every request, as it arrived. */
  get requests(): readonly ModelRequest[] {
    return this.#server?.requests ?? [];
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #reply({ body }: ModelRequest): ModelReply {
    try {
      const said = conversation(this.#dialect.read(body));
      const asked = { facts: readFacts(said.prompt), ...said };
      this.asked.push(asked);
      return this.#play(asked, body);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.problems.push(message);
      return { error: { status: 400, body: { error: { message } } } };
    }
  }

  #play({ facts, prompt, outputs }: AskedTurn, body: ModelRequest['body']): ModelReply {
    const entry = pickEntry(this.#rehearsal, facts)?.entry;
    if (!entry?.report) throw new Error(`The rehearsal has no report for ${JSON.stringify(facts)}.`);
    const [checkout = ''] = find(prompt, /^- Your checkout is (.+?)(?:, for reading: .+)?\.$/m);
    const [sessionDir = ''] = find(prompt, /^- Your session folder is (.+)\. Nothing outside of .+ may be written\.$/m);
    const { run, edit, report } = this.#dialect;
    const steps = [
      ...this.#detours.filter(({ isMeant }) => isMeant(facts)).flatMap(({ command, calls }) => calls ?? [run(command ?? 'true')]),
      ...edit(entry.edits, { checkout, sessionDir }),
      ...entry.commands.map((argv) => run(argv.map(quoted).join(' '))),
    ];
    const next = steps[outputs.length];
    if (next === undefined) return report(reportOf(facts, entry), outputs.length > steps.length, body);
    return outputs.length === 0 && entry.says.length > 0 ? { say: entry.says.join('\n'), calls: [next] } : { calls: [next] };
  }
}

const reportOf = (facts: TurnFacts, { report }: RehearsalEntry): Readonly<Record<string, unknown>> => ({
  request_id: '',
  role: facts.role,
  status: 'completed',
  summary: '',
  insights: [],
  proposals: {},
  artifacts: [],
  error: '',
  ...report,
});
