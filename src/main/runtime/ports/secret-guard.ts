/** A value that must not leave in a diff, a report, a prompt or a message. */
export interface KnownSecret {
  /** Name of the variable or of the login; safe to show. */
  readonly name: string;
  readonly value: string;
}

/** A text without the known secrets that were in it. */
export interface Redacted {
  /** Each secret is replaced by `[secret NAME]`; the text itself when there was none. */
  readonly text: string;
  /** Names of what was found, each once, never a value. */
  readonly names: readonly string[];
}

/** Knows the secrets of the person who runs Muster and keeps them out of what the runtime writes. Values are never told. */
export interface SecretGuard {
  /** Reads again where secrets are kept; what was known stays known. Rejects only for bugs. */
  refresh(): Promise<void>;
  /** Names of the secrets in these bytes: as they are, in base64, percent-encoded, as a JSON string or in hexadecimal digits. */
  find(bytes: Uint8Array): readonly string[];
  redact(text: string): Redacted;
  /** As `redact`, for bytes that need not be text. */
  redactBytes(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly names: readonly string[] };
}
