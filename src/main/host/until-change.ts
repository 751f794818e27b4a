/** What a stream says until the signal; an end that the signal brings is no failure. */
export async function* untilChange<T>(stream: AsyncIterable<T>, change: AbortSignal): AsyncGenerator<T, void> {
  try {
    for await (const event of stream) yield event;
  } catch (error) {
    if (!change.aborted) throw error;
  }
}
