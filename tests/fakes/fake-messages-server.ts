import type { ModelReply, ModelRequest, Play } from './loopback-model-server.js';
import { LoopbackModelServer } from './loopback-model-server.js';

interface Block {
  readonly type: string;
  readonly content?: unknown;
}

/** Tokens that each reply costs. */
export const messagesUsage = { fresh: 100, cacheCreation: 5, cacheRead: 40, output: 7 };

/** A model's service in the Messages format, as Claude Code asks it: `POST /v1/messages`, answered with server-sent events. */
export class FakeMessagesServer extends LoopbackModelServer {
  static start(play: Play, maxRequests?: number): Promise<FakeMessagesServer> {
    return new FakeMessagesServer(play, maxRequests).listen();
  }

  protected isModelPath(path: string): boolean {
    return /^\/v1\/messages(\?|$)/.test(path);
  }

  protected toolOutputs(body: Readonly<Record<string, unknown>>): readonly string[] {
    const messages = body['messages'] as readonly { readonly content: string | readonly Block[] }[];
    const last = messages.at(-1)?.content;
    return typeof last === 'string' || last === undefined
      ? []
      : last.flatMap(({ type, content }) =>
          type === 'tool_result' ? [typeof content === 'string' ? content : JSON.stringify(content)] : [],
        );
  }

  protected events({ think, say, calls = [] }: ModelReply, { nth, body }: ModelRequest): readonly { readonly type: string }[] {
    const blocks = [
      ...(think === undefined
        ? []
        : [{ start: { type: 'thinking', thinking: '', signature: '' }, delta: { type: 'thinking_delta', thinking: think } }]),
      ...(say === undefined ? [] : [{ start: { type: 'text', text: '' }, delta: { type: 'text_delta', text: say } }]),
      ...calls.map(({ name, input }, at) => ({
        start: { type: 'tool_use', id: `toolu_${nth}_${at}`, name, input: {} },
        delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) },
      })),
    ];
    const { fresh, cacheCreation, cacheRead, output } = messagesUsage;
    const usage = {
      input_tokens: fresh,
      cache_creation_input_tokens: cacheCreation,
      cache_read_input_tokens: cacheRead,
      output_tokens: 1,
    };
    const message = { id: `msg_${nth}`, type: 'message', role: 'assistant', model: body['model'], content: [], usage };
    return [
      { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } },
      ...blocks.flatMap(({ start, delta }, index) => [
        { type: 'content_block_start', index, content_block: start },
        { type: 'content_block_delta', index, delta },
        { type: 'content_block_stop', index },
      ]),
      {
        type: 'message_delta',
        delta: { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null },
        usage: { output_tokens: output },
      },
      { type: 'message_stop' },
    ] as readonly { readonly type: string }[];
  }
}
