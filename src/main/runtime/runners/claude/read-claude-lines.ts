import { isAbsolute, relative } from 'node:path';
import type { RunnerEvent, TokenUsage } from '../../ports/runner.js';
import type { CliFailure, CliFailureReason, CliReader } from '../cli/cli-reader.js';
import { noUsage, textEvents } from '../cli/cli-reader.js';
import type { JsonObject } from '../cli/json-lines.js';
import { countAt, isObject, objectAt, objectsAt, textAt } from '../cli/json-lines.js';

/** What came of a tool: text, or a list of parts with text. */
const resultText = (block: JsonObject): string =>
  textAt(block, 'content') ||
  objectsAt(block, 'content')
    .map((part) => textAt(part, 'text'))
    .join('\n');

const exitCodeLine = /^(?:Error: )?Exit code (\d+)\n?/;

/** Input as it was sent: what was read from or written into the cache counts as input too. */
const claudeUsage = (usage: JsonObject): TokenUsage => {
  const cached = countAt(usage, 'cache_read_input_tokens');
  return {
    inputTokens: countAt(usage, 'input_tokens') + countAt(usage, 'cache_creation_input_tokens') + cached,
    cachedInputTokens: cached,
    outputTokens: countAt(usage, 'output_tokens'),
  };
};

const sum = (all: readonly TokenUsage[]): TokenUsage =>
  all.reduce(
    (total, each) => ({
      inputTokens: total.inputTokens + each.inputTokens,
      cachedInputTokens: total.cachedInputTokens + each.cachedInputTokens,
      outputTokens: total.outputTokens + each.outputTokens,
    }),
    noUsage,
  );

/** What kind of failure a result with an error is: by the status of the model's service, else by its words. */
export function nameClaudeFailure(result: JsonObject): CliFailure {
  const words =
    textAt(result, 'result') ||
    (Array.isArray(result['errors']) ? result['errors'].filter((each) => typeof each === 'string').join('; ') : '');
  const status = result['api_error_status'];
  const detail = words || textAt(result, 'subtype') || 'no reason was given';
  const reasonOf = (): CliFailureReason => {
    if (status === 429 || /usage limit|rate limit|hit your .*limit|credit balance/i.test(detail)) return 'rate-limited';
    if (status === 401 || status === 403 || /not logged in|\/login|invalid api key|oauth token/i.test(detail)) return 'not-logged-in';
    return 'model-error';
  };
  return { reason: reasonOf(), detail };
}

class ClaudeReader implements CliReader {
  sessionId: string | null = null;
  answer: string | null = null;
  failure: CliFailure | null = null;
  readonly #checkout: string;
  readonly #commands = new Map<string, string>();
  readonly #perMessage = new Map<string, TokenUsage>();
  #total: TokenUsage | null = null;

  constructor(checkout: string) {
    this.#checkout = checkout;
  }

  /** The result's own count; of a run that was ended, what its messages said. */
  get usage(): TokenUsage {
    return this.#total ?? sum([...this.#perMessage.values()]);
  }

  read(value: JsonObject): readonly RunnerEvent[] {
    switch (value['type']) {
      case 'system':
        return this.#system(value);
      case 'assistant':
        return this.#assistant(value);
      case 'user':
        return this.#user(value);
      case 'result':
        this.#result(value);
        return [];
      default:
        return [];
    }
  }

  #system(value: JsonObject): readonly RunnerEvent[] {
    if (value['subtype'] === 'init' && this.sessionId === null) {
      this.sessionId = textAt(value, 'session_id');
      return [{ type: 'session', sessionId: this.sessionId }];
    }
    if (value['subtype'] !== 'api_retry') return [];
    const status = value['error_status'];
    const words = textAt(value, 'error') || 'an error';
    return [
      {
        type: 'error',
        message: `The model's service answered ${typeof status === 'number' ? `${status} ` : ''}(${words}); trying again (${countAt(value, 'attempt')} of ${countAt(value, 'max_retries')}).`,
      },
    ];
  }

  #assistant(value: JsonObject): readonly RunnerEvent[] {
    const message = objectAt(value, 'message');
    this.#perMessage.set(textAt(message, 'id'), claudeUsage(objectAt(message, 'usage')));
    return objectsAt(message, 'content').flatMap((block): readonly RunnerEvent[] => {
      if (block['type'] === 'thinking' && textAt(block, 'thinking') !== '') return [{ type: 'reasoning', text: textAt(block, 'thinking') }];
      if (block['type'] === 'text')
        return value['is_api_error_message'] === true
          ? [{ type: 'error', message: textAt(block, 'text') }]
          : textEvents(textAt(block, 'text'));
      if (block['type'] === 'tool_use' && block['name'] === 'Bash')
        this.#commands.set(textAt(block, 'id'), textAt(objectAt(block, 'input'), 'command'));
      return [];
    });
  }

  #user(value: JsonObject): readonly RunnerEvent[] {
    const told = value['tool_use_result'];
    return objectsAt(objectAt(value, 'message'), 'content').flatMap((block): readonly RunnerEvent[] => {
      if (block['type'] !== 'tool_result') return [];
      const id = textAt(block, 'tool_use_id');
      const command = this.#commands.get(id);
      this.#commands.delete(id);
      if (command !== undefined) return [commandEvent(command, block)];
      return block['is_error'] === true || !isObject(told) ? [] : this.#fileChange(told);
    });
  }

  #fileChange(told: JsonObject): readonly RunnerEvent[] {
    const path = textAt(told, 'filePath') || textAt(told, 'notebook_path');
    const isWrite = told['type'] === 'create' || told['type'] === 'update' || 'oldString' in told || 'new_source' in told;
    if (path === '' || !isWrite) return [];
    const inside = relative(this.#checkout, path);
    return [
      {
        type: 'file-change',
        path: inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside,
        change: told['type'] === 'create' ? 'added' : 'modified',
      },
    ];
  }

  #result(value: JsonObject): void {
    this.#total = claudeUsage(objectAt(value, 'usage'));
    if (value['is_error'] === true) this.failure = nameClaudeFailure(value);
    else this.answer = textAt(value, 'result');
  }
}

function commandEvent(command: string, block: JsonObject): RunnerEvent {
  const output = resultText(block);
  if (block['is_error'] !== true) return { type: 'command', command, exitCode: 0, output };
  const code = exitCodeLine.exec(output)?.[1];
  return { type: 'command', command, exitCode: code === undefined ? null : Number(code), output: output.replace(exitCodeLine, '') };
}

/** A reader of the lines of `claude -p --output-format stream-json`; paths below `checkout` are told relative to it. */
export const createClaudeReader = (checkout: string): CliReader => new ClaudeReader(checkout);
