import { z } from 'zod';
import { whoSchema } from './board-views.js';

/** One run of an action of the configuration. */
export const operationSchema = z.object({
  id: z.string(),
  /** Empty where a person asked for it by name. */
  requestId: z.string(),
  action: z.string(),
  params: z.record(z.string(), z.string()),
  command: z.array(z.string()),
  domain: z.string(),
  network: z.boolean(),
  requestedBy: whoSchema,
  /** `unknown`: it had begun when Muster was ended, so it may have happened. */
  status: z.enum(['waiting', 'running', 'completed', 'failed', 'unknown']),
  returncode: z.int().nullable(),
  /** What became of it, a sentence; empty until then. */
  outcome: z.string(),
  /** Relative to the workspace. */
  logFile: z.string(),
  /** Blob of its output; empty where there is none. */
  outputSha256: z.string(),
  isJailed: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

/** What may be asked for by name, and what was. */
export const actionsViewSchema = z.object({
  actions: z.array(
    z.object({
      name: z.string(),
      command: z.array(z.string()),
      params: z.array(z.string()),
      domain: z.string(),
      network: z.boolean(),
      timeoutSeconds: z.int(),
      /** False for a managed one, which Muster does not run. */
      isRunnable: z.boolean(),
    }),
  ),
  /** Newest first, 50 at the most. */
  operations: z.array(operationSchema),
});

export type OperationView = z.infer<typeof operationSchema>;
export type ActionsView = z.infer<typeof actionsViewSchema>;
