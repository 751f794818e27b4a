import { implement } from '@orpc/server';
import { appContract } from '../../shared/contract/app-contract.js';
import { protocolVersion } from '../../shared/contract/host-views.js';
import { isVerdictMove, leastRole, mayAs } from '../../shared/contract/rights.js';
import { planMove } from '../../shared/domain/card-moves.js';
import type { ColumnId } from '../../shared/domain/board.js';
import type { AppContext } from './app-context.js';
import { refused } from './app-session.js';
import type { AppSession } from './app-session.js';
import { createWorkspace, guessWorkspace } from './make-workspace.js';
import { relayRouter } from './relay-router.js';
import { openSample, runSample } from './run-sample.js';
import { typedPath } from './typed-path.js';

const notAllowed = ({ role }: AppSession, what: string) =>
  refused('not-allowed', `A ${role} may not do this (${what}). Ask a lead of this workspace for a link that may.`);

/** Of the moves on the board a reviewer may make those that are verdicts, as the table of moves tells them. */
async function mayMove({ host, session }: AppContext, input: unknown): Promise<boolean> {
  if (mayAs(session.role, 'lead')) return true;
  const { todoId, to } = input as { readonly todoId: string; readonly to: ColumnId };
  const found = await host.clientFor({ name: session.name, via: session.via }).show({ id: todoId });
  if (found.kind !== 'todo') return true;
  const plan = planMove(found.card, to);
  return !plan.ok || isVerdictMove(plan.value.steps);
}

const os = implement(appContract)
  .$context<AppContext>()
  .use(async ({ context, path, next }, input) => {
    const method = path.join('.');
    const least = leastRole[method];
    if (least === undefined || !mayAs(context.session.role, least)) throw notAllowed(context.session, method);
    if (method === 'cards.move' && !(await mayMove(context, input))) throw notAllowed(context.session, 'this move starts or stops work');
    return next();
  });

/** Every method of a window or page over one host. Carriers mount it; a context per call says which session asks. */
export const appRouter = os.router({
  ...relayRouter(os),
  people: {
    me: os.people.me.handler(({ context: { session } }) => meOf(session)),
    rename: os.people.rename.handler(async ({ input, context: { session } }) => {
      await session.rename(input.name);
      return meOf(session);
    }),
  },
  host: {
    version: os.host.version.handler(({ context: { host } }) => ({
      version: host.options.version,
      protocol: protocolVersion,
      pid: process.pid,
      startedAt: host.startedAt,
    })),
    workspaces: os.host.workspaces.handler(({ context: { host } }) => host.workspaces()),
    guess: os.host.guess.handler(({ input }) => guessWorkspace(input.project)),
    create: os.host.create.handler(async ({ input, context: { host } }) => {
      await createWorkspace(host, input);
      return host.workspaces();
    }),
    open: os.host.open.handler(async ({ input, context: { host } }) => {
      const opened = await host.open(typedPath(input.path));
      if (!opened.ok) throw refused('no-workspace', opened.error);
      return host.workspaces();
    }),
    openSample: os.host.openSample.handler(async ({ context: { host } }) => {
      await openSample(host);
      return host.workspaces();
    }),
    runSample: os.host.runSample.handler(async ({ context: { host, session } }) => {
      await runSample(host, () => host.clientFor({ name: session.name, via: session.via }));
      return host.workspaces();
    }),
  },
});

const meOf = ({ name, role, via }: AppSession) => ({ name, role, via });
