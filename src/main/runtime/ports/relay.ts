/** The relay's folder as one adapter gives it: never through a link, never outside the workspace. Every failure throws with a sentence. */
export interface RelayFiles {
  /** Where a file of an inbox is, relative to the workspace. */
  placeOf(role: string, name: string): string;
  /** Plain files in a role's inbox by arrival (time of change, then name); links and folders are named in `refused`. */
  list(role: string): Promise<{ readonly names: readonly string[]; readonly refused: readonly string[] }>;
  /** Bytes of a file in an inbox; null when it is gone. `too-large`: more than `maxBytes`. */
  read(role: string, name: string, maxBytes: number): Promise<Uint8Array | 'too-large' | null>;
  /** Replaces a file in an inbox as one step. */
  write(role: string, name: string, text: string): Promise<void>;
  /** Writes an archived envelope as one step; the same name is replaced. */
  writeArchive(role: string, name: string, text: string): Promise<void>;
  hasArchived(role: string, name: string): Promise<boolean>;
  /** Takes a file out of an inbox; one that is gone already is no failure. */
  remove(role: string, name: string): Promise<void>;
  /** Moves a file out of an inbox under the first free name `stem`, `stem-2`, …; its new path relative to the workspace. */
  move(role: string, name: string, to: 'archive' | 'dead-letter', stem: string): Promise<string>;
}
