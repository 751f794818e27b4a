import { resolve } from 'node:path';
import { z } from 'zod';

/** What the window was started with. */
export interface LaunchWords {
  /** Absolute path of `--workspace-root`; null: the workspace that was open last. */
  readonly workspaceDir: string | null;
}

const name = '--workspace-root';

/** Reads the words after the program's name; words of Chromium between them mean nothing here. */
export function readLaunchWords(words: readonly string[], cwd: string): LaunchWords {
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = words[at] ?? '';
  const value = word.startsWith(`${name}=`) ? word.slice(name.length + 1) : at === -1 ? '' : (words[at + 1] ?? '');
  return { workspaceDir: value === '' || value.startsWith('--') ? null : resolve(cwd, value) };
}

const handedOver = z.object({ workspaceDir: z.string().nullable() });

/** The words of a second start, as it handed them over; none of a program that hands over something else. */
export const wordsHandedOver = (data: unknown): LaunchWords => handedOver.safeParse(data).data ?? { workspaceDir: null };
