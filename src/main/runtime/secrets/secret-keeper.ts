import type { KnownSecret, SecretGuard } from '../ports/secret-guard.js';
import { createSecretFinder, withoutSecrets } from './find-secrets.js';

/** Makes a guard over what `read` knows; a login that was renewed meanwhile adds to it, so an old token stays a secret. */
export async function createSecretKeeper(read: () => Promise<readonly KnownSecret[]>): Promise<SecretGuard> {
  const known = new Map<string, KnownSecret>();
  let find = createSecretFinder([]);
  const refresh = async (): Promise<void> => {
    const added = (await read()).filter(({ value }) => !known.has(value));
    if (added.length === 0) return;
    for (const secret of added) known.set(secret.value, secret);
    find = createSecretFinder([...known.values()]);
  };
  await refresh();
  return {
    refresh,
    find: (bytes) => [...new Set(find(bytes).map(({ name }) => name))],
    redact: (text) => {
      const { bytes, names } = withoutSecrets(find, Buffer.from(text, 'utf8'));
      return names.length === 0 ? { text, names } : { text: Buffer.from(bytes).toString('utf8'), names };
    },
    redactBytes: (bytes) => withoutSecrets(find, bytes),
  };
}
