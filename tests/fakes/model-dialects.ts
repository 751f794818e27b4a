import { join } from 'node:path';
import type { RehearsalEntry } from '../../src/main/runtime/runners/rehearsal/rehearsal-schema.js';
import { FakeMessagesServer } from './fake-messages-server.js';
import { FakeResponsesServer } from './fake-responses-server.js';
import type { LoopbackModelServer, ModelCall, ModelReply, Play } from './loopback-model-server.js';

/** What was said in a conversation, whichever protocol carried it. */
export interface Conversation {
  /** In order: what the person's side said (`text`), and what tools gave (`output`, else null). */
  readonly said: readonly { readonly text: string; readonly output: string | null }[];
  /** Calls of tools in all. */
  readonly calls: number;
  /** Its id at the agent's program. */
  readonly thread: string;
}

type JsonObject = Readonly<Record<string, unknown>>;
type Edits = RehearsalEntry['edits'];
type Edit = Edits[number];
interface Folders {
  readonly checkout: string;
  readonly sessionDir: string;
}

/** How a model speaks with one agent's program, and with which of its tools it works. */
export interface ModelDialect {
  readonly serve: (play: Play, maxRequests: number) => Promise<LoopbackModelServer>;
  readonly read: (body: JsonObject) => Conversation;
  readonly run: (command: string) => ModelCall;
  readonly edit: (edits: Edits, folders: Folders) => readonly ModelCall[];
  /** `isAccepted`: the program has taken it and only waits for the last word. `body` is the request. */
  readonly report: (report: JsonObject, isAccepted: boolean, body: JsonObject) => ModelReply;
}

/** A word of a shell's command. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

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

const runInCodex = (command: string): ModelCall => ({ name: 'exec_command', input: { cmd: command, yield_time_ms: 20_000 } });

/** New files as a patch, in the way of the model; the rest by a script. */
function editInCodex(edits: Edits, { sessionDir }: Folders): readonly ModelCall[] {
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
  ].map(runInCodex);
}

interface InputItem {
  readonly type?: string;
  readonly role?: string;
  readonly output?: unknown;
  readonly content?: readonly { readonly text?: string }[];
}

/** Of codex: the Responses format, its shell for everything. */
export const codexDialect: ModelDialect = {
  serve: (play, maxRequests) => FakeResponsesServer.start(play, maxRequests),
  read: (body) => {
    const input = body['input'] as readonly InputItem[];
    return {
      said: input.flatMap(({ type, role, content, output }): Conversation['said'] => {
        if (type === 'function_call_output') return [{ text: '', output: String(output) }];
        const texts = type === 'message' && role === 'user' ? (content ?? []).map(({ text }) => text ?? '') : [];
        return texts.length > 0 ? [{ text: texts.join('\n'), output: null }] : [];
      }),
      calls: input.filter(({ type }) => type === 'function_call').length,
      thread: String(body['prompt_cache_key']),
    };
  },
  run: runInCodex,
  edit: editInCodex,
  report: (report) => ({ say: JSON.stringify(report) }),
};

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: unknown;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** The same value as the schema asks for it: null for what the rehearsal leaves out, and nothing that has no place in it. */
function filled(value: unknown, schema: Schema): unknown {
  const { properties, items } = [schema, ...(schema.anyOf ?? [])].find((each) => each.properties ?? each.items) ?? {};
  if (Array.isArray(value)) return items ? value.map((each) => filled(each, items)) : (value as unknown);
  if (typeof value !== 'object' || value === null || !properties) return value;
  const given = value as JsonObject;
  return Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, key in given ? filled(given[key], inner) : null]));
}

function reportInClaude(report: JsonObject, isAccepted: boolean, body: JsonObject): ModelReply {
  if (isAccepted) return { say: 'Reported.' };
  const name = 'StructuredOutput';
  const tool = (body['tools'] as readonly { readonly name: string; readonly input_schema: Schema }[]).find((each) => each.name === name);
  return { calls: [{ name, input: filled(report, tool?.input_schema ?? {}) as JsonObject }] };
}

interface Message {
  readonly role: string;
  readonly content: string | readonly Block[];
}

const blocksOf = ({ content }: Message): readonly Block[] => (typeof content === 'string' ? [{ type: 'text', text: content }] : content);

function saidTo(message: Message): Conversation['said'] {
  return blocksOf(message).flatMap(({ type, text, content }): Conversation['said'] => {
    if (type === 'text') return [{ text: text ?? '', output: null }];
    if (type !== 'tool_result') return [];
    return [{ text: '', output: typeof content === 'string' ? content : JSON.stringify(content) }];
  });
}

const runInClaude = (command: string): ModelCall => ({ name: 'Bash', input: { command, description: 'Run it' } });

/** Claude Code changes no file that it has not read; reading one that is not there yet is answered with that. */
function editInClaude(edits: Edits, { checkout, sessionDir }: Folders): readonly ModelCall[] {
  return edits.flatMap((edit): readonly ModelCall[] => {
    if ('delete' in edit) return [runInClaude(`rm -f ${quoted(edit.delete)}`)];
    const path =
      'write' in edit
        ? join(checkout, edit.write)
        : 'replace' in edit
          ? join(checkout, edit.replace)
          : join(sessionDir, 'shared_workspace', edit.document);
    const change: ModelCall =
      'replace' in edit
        ? { name: 'Edit', input: { file_path: path, old_string: edit.find, new_string: edit.with } }
        : { name: 'Write', input: { file_path: path, content: edit.content } };
    return [{ name: 'Read', input: { file_path: path } }, change];
  });
}

/** Of Claude Code: the Messages format, its own tools for files. */
export const claudeDialect: ModelDialect = {
  serve: (play, maxRequests) => FakeMessagesServer.start(play, maxRequests),
  read: (body) => {
    const messages = body['messages'] as readonly Message[];
    return {
      said: messages.filter(({ role }) => role === 'user').flatMap(saidTo),
      calls: messages.flatMap(blocksOf).filter(({ type }) => type === 'tool_use').length,
      thread: String((body['metadata'] as { readonly user_id?: string } | undefined)?.user_id),
    };
  },
  run: runInClaude,
  edit: editInClaude,
  report: reportInClaude,
};
