import { subjectIdOf } from '../../../shared/domain/advance.js';
import { plannerDocuments } from '../../../shared/domain/report.js';
import type { Turn } from '../../../shared/domain/state.js';
import type { EffectOutcomes, TurnOutcome } from '../../../shared/domain/vocabulary.js';
import type { ReadReport } from '../roles/read-report.js';
import { readReport } from '../roles/read-report.js';
import { keptAsTheyAre, takeBackDocuments } from '../roles/session-folder.js';
import { bothDone } from './both-done.js';
import type { EffectServices } from './effect-services.js';
import type { TurnPlace } from './turn-place.js';
import type { ExitRecord } from './turn-records.js';
import { documentsFile, readJson } from './turn-records.js';

/** The report, and where it is one, the documents that the turn changed, all that there are by name, and what was left out. */
interface ReadAnswer {
  readonly read: ReadReport;
  readonly documents: { readonly name: string; readonly sha256: string }[];
  readonly existing: readonly string[];
  readonly notes: readonly string[];
}

/** An answer that is kept, under its hash, and read. */
export interface TakenAnswer extends ReadAnswer {
  readonly sha256: string;
}

/** Keeps an answer and the documents that came with it. The journal names them once the turn is settled; until then nothing asks for them. */
export async function takeAnswer(services: EffectServices, turn: Turn, place: TurnPlace, text: string): Promise<TakenAnswer> {
  const [sha256, answer] = await bothDone(services.blobs.put(text), readAnswer(services, turn, place, text));
  return { sha256, ...answer };
}

/** What an attempt that ended came to, by what was found of it and its answer. */
export function outcomeOfExit(exit: ExitRecord, taken: TakenAnswer): EffectOutcomes['run-turn'] {
  const common = { tokens: exit.tokens, attempt: exit.attempt };
  const { breaches, isWorktreeGone } = exit;
  if (breaches.length > 0) return { kind: 'breach', breaches, ...(isWorktreeGone ? { isWorktreeGone } : {}), ...common };
  const { sha256: answerSha256, read, documents, existing, notes } = taken;
  if (read.kind === 'malformed') return { kind: 'malformed', reason: read.reason, outputSha256: answerSha256, ...common };
  if (read.kind === 'contract') return { kind: 'contract', problems: read.problems, reportSha256: answerSha256, ...common };
  const report: TurnOutcome = {
    kind: 'report',
    report: read.report,
    reportSha256: answerSha256,
    outputTree: exit.tree,
    documents,
    existingDocuments: existing.filter((name) => plannerDocuments.includes(name)),
    notes: [...exit.notes, ...notes],
  };
  return { ...report, ...common };
}

async function readAnswer(services: EffectServices, turn: Turn, place: TurnPlace, text: string): Promise<ReadAnswer> {
  const read = readReport(text, { role: turn.role, subjectId: subjectIdOf(turn.subject) });
  if (read.kind !== 'report') return { read, documents: [], existing: [], notes: [] };
  const before = (await readJson<Record<string, string>>(documentsFile(place))) ?? {};
  const back = takeBackDocuments(place.sessionDir, new Map(Object.entries(before)));
  const documents = await Promise.all(
    back.changed
      .filter(({ name }) => !keptAsTheyAre.has(name))
      .map(async ({ name, bytes }) => ({ name, sha256: await services.blobs.put(bytes) })),
  );
  const existing = new Set([...Object.keys(before), ...documents.map(({ name }) => name), ...(place.sprint ? keptAsTheyAre : [])]);
  return { read, documents, existing: [...existing], notes: back.notes };
}
