import { z } from 'zod';

/** Bytes of one file's patch that a diff carries; more is left out and said. */
export const largestPatchBytes = 256 * 1024;

/** Bytes of all patches of a diff together. */
export const largestDiffBytes = 2 * 1024 * 1024;

/** Most bytes that one page of output has. */
export const largestPageBytes = 256 * 1024;

/** One file of a diff. `patch`: its hunks in unified form, empty where `omitted` says why it is not there. */
export const diffFileSchema = z.object({
  path: z.string(),
  /** Empty unless it was renamed. */
  previousPath: z.string(),
  kind: z.enum(['added', 'removed', 'changed', 'renamed']),
  added: z.int(),
  removed: z.int(),
  isBinary: z.boolean(),
  patch: z.string(),
  omitted: z.string(),
});

/** What a revision changes: its commit against its parent, and before there is one, its newest checkpoint against its base. */
export const cardDiffSchema = z.object({
  todoId: z.string(),
  revision: z.int(),
  /** Full names of a commit or tree; empty while nothing was made. */
  base: z.string(),
  head: z.string(),
  /** What `head` is. */
  of: z.enum(['commit', 'checkpoint', 'nothing']),
  files: z.array(diffFileSchema),
  addedTotal: z.int(),
  removedTotal: z.int(),
});

/** A part of a text that is kept as bytes: `text` is what lies from byte `from` up to (not including) `to`; `size` is the whole. */
export const textPageSchema = z.object({ text: z.string(), from: z.int(), to: z.int(), size: z.int() });

/** A page of what a turn said and did, one line for each thing; see `turns.output`. */
export const turnOutputSchema = z.object({ turnId: z.string(), ...textPageSchema.shape, isLive: z.boolean() });

/** The prompt of a turn as it was sent. */
export const turnPromptSchema = z.object({
  turnId: z.string(),
  text: z.string(),
  version: z.string(),
  sha256: z.string(),
  bytes: z.int(),
});

const verifyCommandSchema = z.object({
  name: z.string(),
  command: z.array(z.string()),
  timeoutSeconds: z.number(),
  network: z.boolean(),
});

/** What the workspace would run on this machine, and whether a person accepted exactly that. */
export const trustSchema = z.object({
  workspace: z.string(),
  project: z.string(),
  isTrusted: z.boolean(),
  /** To be given to `trust.accept`: what was read is what is accepted. */
  hash: z.string(),
  /** Why it is not trusted, sentences. */
  reasons: z.array(z.string()),
  isolation: z.enum(['worktree', 'in_place']),
  setup: z.array(z.array(z.string())),
  copy: z.array(z.string()),
  verify: z.array(verifyCommandSchema),
  actions: z.array(z.object({ name: z.string(), command: z.array(z.string()), network: z.boolean() })),
  runners: z.array(z.object({ runner: z.string(), network: z.boolean(), roles: z.array(z.string()) })),
  /** Folder of the checkout whose git hooks run; empty where none do. */
  hooks: z.string(),
  rehearsal: z.string(),
});

export type DiffFileView = z.infer<typeof diffFileSchema>;
export type CardDiffView = z.infer<typeof cardDiffSchema>;
export type TextPageView = z.infer<typeof textPageSchema>;
export type TurnOutputView = z.infer<typeof turnOutputSchema>;
export type TurnPromptView = z.infer<typeof turnPromptSchema>;
export type TrustView = z.infer<typeof trustSchema>;
