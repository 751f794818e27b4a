import type { TurnFacts } from '../../src/main/runtime/ports/runner.js';
import { resumeText } from '../../src/main/runtime/roles/compose-prompt.js';
import { pickEntry } from '../../src/main/runtime/runners/rehearsal/pick-entry.js';
import { readRehearsal } from '../../src/main/runtime/runners/rehearsal/read-rehearsal.js';
import type { Rehearsal, RehearsalEntry } from '../../src/main/runtime/runners/rehearsal/rehearsal-schema.js';
import { FakeResponsesServer } from './fake-responses-server.js';
import type { ModelReply, ModelRequest } from './loopback-model-server.js';

interface InputItem {
  readonly type?: string;
  readonly role?: string;
  readonly output?: unknown;
  readonly content?: readonly { readonly text?: string }[];
}

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
  readonly command: string;
}

const tooManyRequests = 2_000;

/** What a person's side said last, and the prompt with the task that it is about. */
function conversation(body: Readonly<Record<string, unknown>>): Omit<AskedTurn, 'facts'> {
  const input = body['input'] as readonly InputItem[];
  const texts = input.map(({ type, role, content }) =>
    type === 'message' && role === 'user' ? (content ?? []).map(({ text }) => text ?? '').join('\n') : '',
  );
  const promptAt = texts.findLastIndex((text) => text.includes('## Your report'));
  const saidAt = texts.findLastIndex((text, at) => at === promptAt || text === resumeText);
  const outputs = (items: readonly InputItem[]): string[] =>
    items.flatMap(({ type, output }) => (type === 'function_call_output' ? [String(output)] : []));
  return {
    prompt: texts[promptAt] ?? '',
    isResumed: saidAt > promptAt,
    outputs: outputs(input.slice(saidAt + 1)),
    callsInAll: input.filter(({ type }) => type === 'function_call').length,
    thread: String(body['prompt_cache_key']),
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

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Changes texts as the rehearsal's player does; what stands already is left alone, as a turn may be asked for again. */
const editor = `
const fs = require('node:fs'), path = require('node:path');
for (const [file, edit] of JSON.parse(process.argv[1])) {
  if ('delete' in edit) { fs.rmSync(file, { force: true }); continue; }
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if ('content' in edit) { fs.writeFileSync(file, edit.content); continue; }
  const before = fs.readFileSync(file, 'utf8');
  if (edit.with !== '' && before.includes(edit.with)) continue;
  if (!before.includes(edit.find)) { if (edit.with === '') continue; throw new Error('Not in ' + file + ': ' + edit.find); }
  fs.writeFileSync(file, before.replace(edit.find, () => edit.with));
}
console.log('edited');`;

type Edit = RehearsalEntry['edits'][number];

/** New files as a patch, in the way of the model; the rest by a script. */
function editCommands(edits: readonly Edit[], sessionDir: string): string[] {
  const added = edits.flatMap((edit) => ('write' in edit ? [edit] : []));
  const patch = added.flatMap(({ write, content }) => [
    `*** Add File: ${write}`,
    ...content
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `+${line}`),
  ]);
  const others = edits.flatMap((edit): readonly [string, Edit][] => {
    if ('write' in edit) return [];
    if ('replace' in edit) return [[edit.replace, edit]];
    return 'delete' in edit ? [[edit.delete, edit]] : [[`${sessionDir}/shared_workspace/${edit.document}`, edit]];
  });
  return [
    ...(patch.length > 0 ? [`apply_patch <<'END-OF-PATCH'\n*** Begin Patch\n${patch.join('\n')}\n*** End Patch\nEND-OF-PATCH\n`] : []),
    ...(others.length > 0 ? [`node -e ${quoted(editor)} ${quoted(JSON.stringify(others))}`] : []),
  ];
}

/** A model's service in the Responses format that plays a rehearsal: it learns from the prompt whose turn it is, and works through the agent's own tools. */
export class RehearsingModelServer {
  /** In order of arrival. */
  readonly asked: AskedTurn[] = [];
  /** Why it could not answer. */
  readonly problems: string[] = [];
  readonly #rehearsal: Rehearsal;
  readonly #detours: readonly Detour[];
  #server: FakeResponsesServer | null = null;

  private constructor(rehearsal: Rehearsal, detours: readonly Detour[]) {
    this.#rehearsal = rehearsal;
    this.#detours = detours;
  }

  static async start(rehearsalFile: string, detours: readonly Detour[] = []): Promise<RehearsingModelServer> {
    const model = new RehearsingModelServer(await readRehearsal(rehearsalFile), detours);
    model.#server = await FakeResponsesServer.start((request) => model.#reply(request), tooManyRequests);
    return model;
  }

  /** Values of codex's configuration that make it ask here. */
  get config(): Readonly<Record<string, string>> {
    return this.#server?.config ?? {};
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
      const said = conversation(body);
      const asked = { facts: readFacts(said.prompt), ...said };
      this.asked.push(asked);
      return this.#play(asked);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.problems.push(message);
      return { error: { status: 400, body: { error: { message } } } };
    }
  }

  #play({ facts, prompt, outputs }: AskedTurn): ModelReply {
    const entry = pickEntry(this.#rehearsal, facts)?.entry;
    if (!entry?.report) throw new Error(`The rehearsal has no report for ${JSON.stringify(facts)}.`);
    const [sessionDir = ''] = find(prompt, /^- Your session folder is (.+)\. Nothing outside of .+ may be written\.$/m);
    const commands = [
      ...this.#detours.filter(({ isMeant }) => isMeant(facts)).map(({ command }) => command),
      ...editCommands(entry.edits, sessionDir),
      ...entry.commands.map((argv) => argv.map(quoted).join(' ')),
    ];
    const next = commands[outputs.length];
    if (next === undefined) return { say: reportText(facts, entry) };
    const calls = [{ name: 'exec_command', input: { cmd: next, yield_time_ms: 20_000 } }];
    return outputs.length === 0 && entry.says.length > 0 ? { say: entry.says.join('\n'), calls } : { calls };
  }
}

const reportText = (facts: TurnFacts, { report }: RehearsalEntry): string =>
  JSON.stringify({
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
