import type { BlobStore } from '../ports/journal.js';
import type { SecretGuard } from '../ports/secret-guard.js';

/** A blob store that keeps content without the known secrets in it; the hash is that of what is kept. */
export const redactingBlobs = (blobs: BlobStore, secrets: SecretGuard): BlobStore => ({
  put: (content) => blobs.put(secrets.redactBytes(typeof content === 'string' ? Buffer.from(content, 'utf8') : content).bytes),
  get: (sha256) => blobs.get(sha256),
  has: (sha256) => blobs.has(sha256),
});

/** Plain data without the known secrets in its texts; the same object when there is none. */
export function withoutSecretTexts<T>(value: T, secrets: SecretGuard): T {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return value;
  const redacted = secrets.redact(text);
  return redacted.names.length === 0 ? value : (JSON.parse(redacted.text) as T);
}
