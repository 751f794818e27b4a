import type { Jail, JailCommand } from '../ports/jail.js';

/** Where actions run, and where what they did is kept. */
export interface ActionPlace {
  readonly jail: Jail;
  /** The project's folder and what of it is hidden or kept as it is. */
  readonly surroundings: Pick<JailCommand, 'checkout' | 'hidden' | 'unchanged'>;
  /** Results on disk, so that a restart does not run an action again; durable when resolved. */
  readonly records: { read<T>(key: string): Promise<T | null>; write(key: string, value: unknown): Promise<void> };
  /** Raw output while it runs, absolute; removed with the runtime's scratch folder. */
  readonly outputFile: (operationId: string) => string;
  /** Writes the log that people read. */
  readonly writeLog: (operationId: string, text: string) => Promise<void>;
}
