import { roleSettings } from './configuration.js';
import type { Configuration } from './configuration.js';
import { findRole } from './roster.js';

/** Which of the project's files the turns of a role may change: what the first globs say but for what the second say. */
export function changeRights(
  configuration: Configuration,
  role: string,
): { readonly mayChange: readonly string[]; readonly mayNotChange: readonly string[] } {
  const { mayChange, mayNotChange } = roleSettings(configuration, role);
  const isWriter = findRole(role)?.mayWriteProject ?? false;
  return { mayChange: mayChange ?? (isWriter ? ['**'] : []), mayNotChange: ['.git/**', ...(mayNotChange ?? [])] };
}
