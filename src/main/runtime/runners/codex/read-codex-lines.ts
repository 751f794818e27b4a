import { isAbsolute, relative } from 'node:path';
import type { RunnerEvent, TokenUsage } from '../../ports/runner.js';
import type { CliFailure, CliReader } from '../cli/cli-reader.js';
import { noUsage, textEvents } from '../cli/cli-reader.js';
import type { JsonObject } from '../cli/json-lines.js';
import { countAt, objectAt, objectsAt, textAt } from '../cli/json-lines.js';
import { nameCodexFailure } from './name-codex-failure.js';

const changes: Readonly<Record<string, 'added' | 'modified' | 'deleted'>> = { add: 'added', update: 'modified', delete: 'deleted' };

const shellWrapper = /^\S*\/(?:ba|z|da)?sh -l?c '([^']*)'$/;

/** The command as the agent gave it, where codex's own shell around it can be told apart. */
export const plainCommand = (command: string): string => shellWrapper.exec(command)?.[1] ?? command;

/** Codex's count of tokens; the input includes what was cached. */
export const codexUsage = (usage: JsonObject): TokenUsage => ({
  inputTokens: countAt(usage, 'input_tokens'),
  cachedInputTokens: countAt(usage, 'cached_input_tokens'),
  outputTokens: countAt(usage, 'output_tokens'),
});

const pathFrom = (checkout: string, path: string): string => {
  const inside = relative(checkout, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
};

function commandEvent(item: JsonObject): RunnerEvent {
  const exitCode = item['exit_code'];
  return {
    type: 'command',
    command: plainCommand(textAt(item, 'command')),
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    output: textAt(item, 'aggregated_output'),
  };
}

function itemEvents(item: JsonObject, checkout: string): readonly RunnerEvent[] {
  switch (item['type']) {
    case 'agent_message':
      return textEvents(textAt(item, 'text'));
    case 'reasoning':
      return [{ type: 'reasoning', text: textAt(item, 'text') }];
    case 'command_execution':
      return [commandEvent(item)];
    case 'file_change':
      if (item['status'] !== 'completed') return [];
      return objectsAt(item, 'changes').map((change) => ({
        type: 'file-change',
        path: pathFrom(checkout, textAt(change, 'path')),
        change: changes[textAt(change, 'kind')] ?? 'modified',
      }));
    case 'error':
      return [{ type: 'error', message: textAt(item, 'message') }];
    default:
      return [];
  }
}

class CodexReader implements CliReader {
  sessionId: string | null = null;
  answer: string | null = null;
  failure: CliFailure | null = null;
  /** Of the whole thread: codex counts on when one is resumed. */
  usage: TokenUsage = noUsage;
  readonly #checkout: string;

  constructor(checkout: string) {
    this.#checkout = checkout;
  }

  read(value: JsonObject): readonly RunnerEvent[] {
    switch (value['type']) {
      case 'thread.started':
        this.sessionId = textAt(value, 'thread_id');
        return [{ type: 'session', sessionId: this.sessionId }];
      case 'item.completed': {
        const item = objectAt(value, 'item');
        if (item['type'] === 'agent_message') this.answer = textAt(item, 'text');
        return itemEvents(item, this.#checkout);
      }
      case 'turn.completed':
        this.usage = codexUsage(objectAt(value, 'usage'));
        return [];
      case 'turn.failed':
        this.failure = nameCodexFailure(textAt(objectAt(value, 'error'), 'message'));
        return [];
      case 'error':
        return [{ type: 'error', message: textAt(value, 'message') }];
      default:
        return [];
    }
  }
}

/** A reader of the lines of `codex exec --json`; paths below `checkout` are told relative to it. */
export const createCodexReader = (checkout: string): CliReader => new CodexReader(checkout);
