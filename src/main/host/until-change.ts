import { ORPCError } from '@orpc/server';

/**
 * What a stream says until the signal, or until the process that it comes from goes away: then it ends, and whoever follows asks again.
 * A refusal is passed on.
 */
export async function* untilChange<T>(
  stream: AsyncIterable<T>,
  change: AbortSignal,
  onLost: (error: unknown) => void,
): AsyncGenerator<T, void> {
  try {
    for await (const event of stream) yield event;
  } catch (error) {
    if (change.aborted) return;
    if (error instanceof ORPCError) throw error;
    onLost(error);
  }
}
