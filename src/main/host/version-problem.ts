import { protocolVersion } from '../../shared/contract/host-views.js';
import { packageVersion } from '../runtime/platform/package-version.js';
import type { OwnerRecord } from '../runtime/workspace/owner-record.js';

/** What is to be said about the version of a living runtime before it is asked for anything. */
export interface VersionProblem {
  /** False: the two understand each other, one of them only knows more. */
  readonly isBar: boolean;
  /** A sentence with the next step. */
  readonly message: string;
}

const named = (version: string): string => (version === '' ? 'an older Muster' : `Muster ${version}`);

/** Compares the runtime that works on a workspace with this program; null where they are the same. */
export function versionProblem(
  workspaceDir: string,
  owner: OwnerRecord,
  own: { readonly version: string; readonly protocol: number } = { version: packageVersion(), protocol: protocolVersion },
): VersionProblem | null {
  const { version, protocol, pid } = owner;
  if (version === own.version && protocol === own.protocol) return null;
  const restart = `End it with Ctrl-C in its terminal or \`kill ${pid}\`, and start it again with this Muster: \`muster run\`. Nothing is lost.`;
  if (protocol !== own.protocol)
    return {
      isBar: true,
      message: `Could not ask the runtime of ${workspaceDir}: ${named(version)} works there (process ${pid}), this is Muster ${own.version}, and they do not understand each other (protocol ${protocol} and ${own.protocol}). ${restart}`,
    };
  return {
    isBar: false,
    message: `${named(version)} works on ${workspaceDir} (process ${pid}), and this is Muster ${own.version}. What only one of them knows is refused. ${restart}`,
  };
}
