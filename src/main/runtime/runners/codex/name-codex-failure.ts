import type { CliFailure } from '../cli/cli-reader.js';
import { objectAt, parseObject, textAt } from '../cli/json-lines.js';

/** In codex's own messages; the first that matches decides. */
const kinds: readonly (readonly [RegExp, CliFailure['reason']])[] = [
  [/usage limit|rate limit|quota|too many requests|\b429\b/i, 'rate-limited'],
  [
    /\b401\b|unauthorized|not logged in|codex login|log in again|sign in again|missing environment variable|refresh token|api key/i,
    'not-logged-in',
  ],
];

/** What kind of failure codex means by the message of a failed turn. */
export function nameCodexFailure(message: string): CliFailure {
  const found = kinds.find(([pattern]) => pattern.test(message));
  const inside = textAt(objectAt(parseObject(message) ?? {}, 'error'), 'message');
  return { reason: found?.[1] ?? 'model-error', detail: inside || message };
}
