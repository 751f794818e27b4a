/** A JSON object whose fields are not yet known to be what they should be. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether this is a JSON object: not an array, not null. */
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object under that key, or an empty one. */
export function objectAt(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  return isObject(found) ? found : {};
}

/** The objects in the list under that key; none if there is no list. */
export function objectsAt(value: JsonObject, key: string): readonly JsonObject[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter(isObject) : [];
}

/** The text under that key, or an empty one. */
export function textAt(value: JsonObject, key: string): string {
  const found = value[key];
  return typeof found === 'string' ? found : '';
}

/** The whole number of zero or more under that key, or zero. */
export function countAt(value: JsonObject, key: string): number {
  const found = value[key];
  return typeof found === 'number' && Number.isSafeInteger(found) && found > 0 ? found : 0;
}

/** The object in a line of JSON; null for anything else (a CLI may print a warning between its lines). */
export function parseObject(line: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Turns chunks of text into the objects of their complete lines. */
export function createJsonLines(onObject: (value: JsonObject) => void): (chunk: string) => void {
  const parts: string[] = [];
  return (chunk) => {
    const [first = '', ...others] = chunk.split('\n');
    parts.push(first);
    for (const next of others) {
      const value = parseObject(parts.join(''));
      parts.length = 0;
      parts.push(next);
      if (value) onObject(value);
    }
  };
}
