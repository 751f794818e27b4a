import { join } from 'node:path';
import { packageRoot } from '../runtime/platform/package-root.js';
import { stateHome } from '../runtime/workspace/state-folder.js';
import { WorkspaceHost } from '../host/workspace-host.js';
import { WebServer } from '../web/web-server.js';
import type { Invocation } from './invocation.js';

/** What is served, and how. */
export interface Serving {
  readonly invocation: Invocation;
  /** null: the page of a first run. */
  readonly workspaceDir: string | null;
  /** An open problem ends it; without, the page tells the problem. */
  readonly mustOpen: boolean;
  /** Lines before the address. */
  readonly intro: readonly string[];
  readonly opensBrowser: boolean;
}

const speedOf = (text: string | undefined): number | undefined => (text === undefined || text === '' ? undefined : Number(text));

/** Serves the board until somebody ends this process; resolves with the exit code. */
export async function serveHost(serving: Serving): Promise<number> {
  const { invocation, workspaceDir } = serving;
  const { places } = invocation;
  const onLog = (line: string): void => invocation.note(line);
  const speed = speedOf(places.env['MUSTER_REHEARSAL_SPEED']);
  const host = new WorkspaceHost({
    clock: places.clock,
    ids: places.ids,
    version: places.version,
    stateHome: stateHome(),
    openRuntime: places.openRuntime,
    personName: places.personName,
    onLog,
    ...(speed === undefined ? {} : { rehearsalSpeed: speed }),
  });
  const interrupted = places.untilInterrupted();
  const undo: (() => Promise<void>)[] = [() => host.close()];
  try {
    if (workspaceDir !== null) {
      const opened = await host.open(workspaceDir);
      if (!opened.ok && serving.mustOpen) {
        invocation.note(opened.error);
        return 1;
      }
    }
    const server = await WebServer.start({
      host,
      workspace: workspaceDir ?? '',
      port: invocation.number('port') ?? null,
      webRoot: join(packageRoot(), 'out', 'web'),
      onLog,
    });
    undo.unshift(() => server.stop());
    const url = await server.link('lead', invocation.text('as'));
    if (invocation.isJson) places.stdout.write(`${JSON.stringify({ url, pid: process.pid })}\n`);
    else
      invocation.say(
        ...serving.intro,
        `The board is at ${url}`,
        'The link works once, within ten minutes; `muster link` makes another. Ctrl-C ends it in order.',
      );
    if (serving.opensBrowser) await places.openBrowser(url);
    const signal = await interrupted;
    if (!invocation.isJson) invocation.say(`${signal}: ending in order; a second time ends at once.`);
  } finally {
    for (const step of undo) await step();
  }
  if (!invocation.isJson) invocation.say('Muster stopped; what was under way goes on at the next start.');
  return 0;
}
