import type { ModelReply, ModelRequest, Play } from './loopback-model-server.js';
import { LoopbackModelServer } from './loopback-model-server.js';

interface InputItem {
  readonly type?: string;
  readonly output?: unknown;
}

/** Tokens that each reply costs. */
export const responsesUsage = { input: 100, cached: 40, output: 7 };

/** Values of codex's configuration that make it ask a service there, without waiting long before it tries again. */
export function codexConfigFor(origin: string): Readonly<Record<string, string>> {
  const quick = 'request_max_retries=1,stream_max_retries=1';
  return {
    'model_providers.fake': `{name="fake",base_url="${origin}/v1",wire_api="responses",${quick}}`,
    model_provider: '"fake"',
  };
}

/** A model's service in the Responses format, as codex asks it: `POST /v1/responses`, answered with server-sent events. */
export class FakeResponsesServer extends LoopbackModelServer {
  static start(play: Play, maxRequests?: number): Promise<FakeResponsesServer> {
    return new FakeResponsesServer(play, maxRequests).listen();
  }

  /** Values of codex's configuration that make it ask here, without waiting long before it tries again. */
  get config(): Readonly<Record<string, string>> {
    return codexConfigFor(this.origin);
  }

  protected isModelPath(path: string): boolean {
    return path === '/v1/responses';
  }

  protected toolOutputs(body: Readonly<Record<string, unknown>>): readonly string[] {
    const input = body['input'] as readonly InputItem[];
    const last = input.findLastIndex(({ type }) => type === 'message' || type === 'function_call');
    return input.slice(last + 1).flatMap(({ type, output }) => (type === 'function_call_output' ? [String(output)] : []));
  }

  protected events({ think, say, calls = [] }: ModelReply, { nth }: ModelRequest): readonly { readonly type: string }[] {
    const id = `resp_${nth}`;
    const items = [
      ...(think === undefined ? [] : [{ type: 'reasoning', id: `rs_${nth}`, summary: [{ type: 'summary_text', text: think }] }]),
      ...(say === undefined
        ? []
        : [{ type: 'message', role: 'assistant', id: `msg_${nth}`, content: [{ type: 'output_text', text: say }] }]),
      ...calls.map(({ name, input }, at) => ({
        type: 'function_call',
        id: `fc_${nth}_${at}`,
        call_id: `call_${nth}_${at}`,
        name,
        arguments: JSON.stringify(input),
      })),
    ];
    const { input, cached, output } = responsesUsage;
    return [
      { type: 'response.created', response: { id } },
      ...items.map((item, at) => ({ type: 'response.output_item.done', output_index: at, item })),
      {
        type: 'response.completed',
        response: {
          id,
          usage: {
            input_tokens: input,
            input_tokens_details: { cached_tokens: cached },
            output_tokens: output,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: input + output,
          },
        },
      },
    ] as readonly { readonly type: string }[];
  }
}
