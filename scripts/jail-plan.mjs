import process from 'node:process';
import { runCaptured } from './run-captured.mjs';

const EFFECT = 'so what agents write runs unguarded and receipts will say *ran without a jail*';

/**
 * What set-up knows about the machine's jail.
 *
 * @typedef {{ platform: string, works: boolean, isPresent: boolean, isRoot: boolean, hasAptGet: boolean }} JailFacts
 */

/** @returns {Promise<JailFacts>} */
export async function lookAtJail() {
  const platform = process.platform;
  if (platform !== 'linux') return { platform, works: platform === 'darwin', isPresent: false, isRoot: false, hasAptGet: false };
  const isPresent = (await runCaptured('bwrap', ['--version'])).code === 0;
  const works = isPresent && (await runCaptured('bwrap', ['--ro-bind', '/', '/', '--unshare-pid', '--proc', '/proc', 'true'])).code === 0;
  const hasAptGet = !isPresent && (await runCaptured('apt-get', ['--version'])).code === 0;
  return { platform, works, isPresent, isRoot: process.getuid?.() === 0, hasAptGet };
}

/**
 * Decides what set-up does about the jail: nothing, install it, or tell the person.
 *
 * @param {JailFacts} facts
 * @returns {{ kind: 'ready' } | { kind: 'install' } | { kind: 'tell', sentence: string }}
 */
export function jailPlan(facts) {
  if (facts.works) return { kind: 'ready' };
  if (facts.platform !== 'linux') {
    return {
      kind: 'tell',
      sentence: `There is no jail for this system (${facts.platform}), ${EFFECT}; run Muster on Linux, macOS or in WSL to have one.`,
    };
  }
  if (facts.isPresent) {
    return {
      kind: 'tell',
      sentence: `bubblewrap is installed but may not make namespaces here, ${EFFECT}; mend it with: sudo sysctl kernel.unprivileged_userns_clone=1 (in a container: allow user namespaces).`,
    };
  }
  if (facts.isRoot && facts.hasAptGet) return { kind: 'install' };
  const command = facts.hasAptGet ? 'sudo apt-get install bubblewrap' : "your system's package manager, package bubblewrap";
  return { kind: 'tell', sentence: `bubblewrap is not installed, ${EFFECT}; mend it with: ${command}` };
}

/**
 * What set-up says when apt-get could not do it.
 *
 * @param {string} output The last lines of apt-get.
 * @returns {{ kind: 'tell', sentence: string }}
 */
export function failedInstallPlan(output) {
  return {
    kind: 'tell',
    sentence: `${output}\nCould not install bubblewrap: apt-get failed, see above, ${EFFECT}; mend it with: apt-get update && apt-get install bubblewrap`,
  };
}
