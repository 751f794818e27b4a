import { parseReport } from '../../../shared/contract/report.js';
import type { ReportTruth } from '../../../shared/contract/report.js';
import type { Report } from '../../../shared/domain/report.js';
import { extractJson } from './extract-json.js';

/** What an agent's last words are worth. */
export type ReadReport =
  | { readonly kind: 'report'; readonly report: Report }
  /** No JSON to judge: a repair turn may mend it. */
  | {
      readonly kind: 'malformed';
      /** A sentence. */ readonly reason: string;
      /** At most 1,000 characters of the answer. */ readonly excerpt: string;
    }
  /** JSON that is not a report; each problem is a sentence for the role. */
  | { readonly kind: 'contract'; readonly problems: readonly string[] };

const excerptLength = 1000;
const cutOffNote = 'The answer broke off; the report was read up to there.';

/** Reads the report in an answer. `truth` says who was really asked and about what. Never throws, whatever the text. */
export function readReport(text: string, truth: ReportTruth): ReadReport {
  const found = extractJson(text);
  if (found.kind !== 'found') {
    const reason = text.trim() === '' ? 'The answer is empty.' : found.reason;
    return { kind: 'malformed', reason, excerpt: text.slice(0, excerptLength) };
  }
  const parsed = parseReport(found.value, truth);
  if (!parsed.ok) {
    return {
      kind: 'contract',
      problems: found.wasRepaired ? [`${cutOffNote} Give a shorter one.`, ...parsed.error.problems] : parsed.error.problems,
    };
  }
  const report = parsed.value;
  return { kind: 'report', report: found.wasRepaired ? { ...report, validationNotes: [...report.validationNotes, cutOffNote] } : report };
}
