import { z } from 'zod';

const relativePath = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith('/') && !path.split(/[\\/]/).includes('..'), 'must be a relative path without ".."');
const milliseconds = z.number().int().min(0).max(3_600_000);

const when = z.strictObject({
  role: z.string().min(1).optional(),
  step: z.string().min(1).optional(),
  scope: z.enum(['todo', 'sprint', 'request']).optional(),
  subject: z.string().min(1).optional(),
  revision: z.number().int().min(1).optional(),
  visit: z.number().int().min(1).optional(),
  purpose: z.enum(['work', 'repair']).optional(),
});

const edit = z.union([
  z.strictObject({ write: relativePath, content: z.string() }),
  z.strictObject({ replace: relativePath, find: z.string().min(1), with: z.string() }),
  z.strictObject({ delete: relativePath }),
  z.strictObject({ document: relativePath, content: z.string() }),
]);

const count = z.number().int().min(0);

const entry = z
  .strictObject({
    when,
    /** Lines that are streamed as text, spread over the duration. */
    says: z.array(z.string()).default([]),
    edits: z.array(edit).default([]),
    /** Run in the checkout after the edits; `node` is the Node that runs the player. */
    commands: z.array(z.tuple([z.string().min(1)], z.string())).default([]),
    must_pass: z.boolean().default(false),
    duration_ms: milliseconds.optional(),
    usage: z.strictObject({ input_tokens: count, cached_input_tokens: count.default(0), output_tokens: count }).optional(),
    report: z.record(z.string(), z.unknown()).optional(),
    answer: z.string().optional(),
    answer_bytes: count.max(1_000_000_000).optional(),
    never_ends: z.boolean().default(false),
    crash: z.boolean().default(false),
    forks_daemon: z.boolean().default(false),
  })
  .refine(
    (turn) =>
      [turn.report, turn.answer, turn.answer_bytes, turn.never_ends || undefined, turn.crash || undefined].filter(
        (way) => way !== undefined,
      ).length === 1,
    'must end in exactly one way: report, answer, answer_bytes, never_ends or crash',
  );

/** A rehearsal file: what each turn says, edits, runs and reports. */
export const rehearsalSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1),
  /** Files beside this one, whose entries are used where this one has none. */
  extends: z.array(relativePath).default([]),
  /** For entries without their own. */
  duration_ms: milliseconds.default(0),
  turns: z.array(entry).default([]),
});

/** A rehearsal as it may be written down. */
export type RehearsalInput = z.input<typeof rehearsalSchema>;
export type RehearsalEntry = z.output<typeof entry>;

/** A rehearsal with everything that it extends: the first layer in which an entry matches decides. */
export interface Rehearsal {
  readonly name: string;
  /** Shown when no entry matches. */
  readonly place: string;
  readonly layers: readonly { readonly durationMs: number; readonly turns: readonly RehearsalEntry[] }[];
}
