import { z } from 'zod';
import { accessRoles } from './rights.js';

/** Version of what clients and servers say to each other; a page of another one has to be loaded again. */
export const protocolVersion = 1;

const path = z.string().trim().min(1).max(4_000);
const argv = z.array(z.string().min(1).max(4_000)).min(1).max(200);

/** Who is at this end: the name under which commands are given, and what may be done. */
export const meSchema = z.object({ name: z.string(), role: z.enum(accessRoles), via: z.enum(['web', 'window']) });

/** What serves this page. `startedAt` is an instant. */
export const versionSchema = z.object({ version: z.string(), protocol: z.int(), pid: z.int(), startedAt: z.string() });

/** The open workspace. */
export const openWorkspaceSchema = z.object({
  path: z.string(),
  project: z.string(),
  /** The project's folder name. */
  name: z.string(),
  /** Another process works on it; this one asks there. */
  isAttached: z.boolean(),
  /** Scripts play every role. */
  isRehearsal: z.boolean(),
});

/** Workspaces that this user can open. */
export const workspacesSchema = z.object({
  current: openWorkspaceSchema.nullable(),
  /** Why none is open although one was wanted, or what is in the way of the open one; empty else. */
  problem: z.string(),
  /** Newest first. */
  recent: z.array(z.object({ path: z.string(), project: z.string(), name: z.string(), openedAt: z.string(), isThere: z.boolean() })),
  sample: z.object({ path: z.string(), exists: z.boolean() }),
});

/** What making a workspace for a project would write; a person sees it first. */
export const projectGuessSchema = z.object({
  project: z.string(),
  /** Where the workspace would be. */
  workspace: z.string(),
  /** A workspace is there already; making it again changes no setting. */
  isMade: z.boolean(),
  /** The branch that work would go to; empty where none is checked out. */
  target: z.string(),
  setup: z.array(z.array(z.string())),
  verify: z.array(z.array(z.string())),
  /** Why that was guessed, sentences. */
  notes: z.array(z.string()),
  /** Why no workspace can be made, sentences; empty when one can. */
  refusals: z.array(z.string()),
});

/** A project by its folder's absolute path. */
export const projectInputSchema = z.strictObject({ project: path });

/** A workspace to make; what is left out is as guessed. */
export const createInputSchema = z.strictObject({
  project: path,
  workspace: path.exactOptional(),
  setup: z.array(argv).max(50).exactOptional(),
  verify: z.array(argv).max(50).exactOptional(),
  target: z.string().trim().min(1).max(500).exactOptional(),
});

/** A workspace by its folder's absolute path. */
export const openInputSchema = z.strictObject({ path });

export const renameInputSchema = z.strictObject({ name: z.string().trim().min(1).max(200) });

export type MeView = z.infer<typeof meSchema>;
export type VersionView = z.infer<typeof versionSchema>;
export type OpenWorkspaceView = z.infer<typeof openWorkspaceSchema>;
export type WorkspacesView = z.infer<typeof workspacesSchema>;
export type ProjectGuessView = z.infer<typeof projectGuessSchema>;
export type CreateInput = z.infer<typeof createInputSchema>;
