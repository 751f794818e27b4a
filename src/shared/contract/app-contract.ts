import { oc } from '@orpc/contract';
import type { ContractRouterClient } from '@orpc/contract';
import type { z } from 'zod';
import { contract, contractErrors } from './contract.js';
import {
  createInputSchema,
  meSchema,
  openInputSchema,
  projectGuessSchema,
  projectInputSchema,
  renameInputSchema,
  versionSchema,
  workspacesSchema,
} from './host-views.js';

const base = oc.errors(contractErrors);
const read = <S extends z.ZodType>(summary: string, schema: S) => base.route({ method: 'GET', summary }).output(schema);
const act = <S extends z.ZodType>(summary: string, schema: S) => base.route({ summary }).output(schema);

/**
 * What a window or a page can ask: everything of the open workspace, who one is, and which workspace is open. Every method refuses
 * `not-allowed` to a session without the right (`leastRole`), and those of a workspace refuse `no-workspace` while none is open and
 * `runtime-gone` while the process that works on it cannot be reached.
 */
export const appContract = {
  ...contract,
  people: {
    me: read('Who is at this end, and what they may do', meSchema),
    rename: act('Change the name under which this session acts', meSchema).input(renameInputSchema),
  },
  host: {
    version: read('What serves this', versionSchema),
    workspaces: read('The open workspace, recent ones and the sample', workspacesSchema),
    guess: act('What making a workspace for a project would write', projectGuessSchema).input(projectInputSchema),
    create: act('Make a workspace for a project and open it', workspacesSchema).input(createInputSchema),
    open: act('Open another workspace', workspacesSchema).input(openInputSchema),
    openSample: act('Make the sample if it is missing and open it', workspacesSchema),
    runSample: act('Open the sample and start its sprint', workspacesSchema),
  },
};

/** A client of a window or a page. */
export type AppClient = ContractRouterClient<typeof appContract>;
