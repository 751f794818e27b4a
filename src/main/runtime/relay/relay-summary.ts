import { plainLine } from '../../../shared/domain/plain-text.js';
import type { Envelope, ReportDigest } from '../../../shared/domain/state.js';

/** First words of every summary; a message that begins with them is the relay's own and is nobody's input. */
export const summaryMarker = 'internal relay summary:';

/** Whether a message is a relay summary, so that no service takes it for input. */
export const isRelaySummary = (message: string): boolean => message.trimStart().toLowerCase().startsWith(summaryMarker);

const wrapColumns = 118;
const itemLimit = 300;
const listedItems = 2;

/** What a summary is made of. */
export interface RelaySummaryInput {
  readonly envelope: Envelope;
  /** Title of the todo, milestone of the sprint or first line of the request. */
  readonly subjectTitle: string;
  /** What the receiver works towards. */
  readonly acceptanceCriteria: readonly string[];
  readonly requiredInputs: readonly string[];
  /** The report that led to the hand-over; null at the beginning. */
  readonly report: ReportDigest | null;
}

/** Words that say that something was done, and not what. */
const saysNothing = /^(?:done|ok|okay|completed?|finished|updated?|synced?|see (?:above|below|report|artifacts?))[.!]?$/i;

/** The first of these texts that says something. */
const firstMeant = (texts: readonly string[]): string =>
  texts.map((text) => plainLine(text, itemLimit)).find((text) => text !== '' && !saysNothing.test(text)) ?? '';

const firstFew = (texts: readonly string[]): string[] =>
  [...new Set(texts.map((text) => plainLine(text, itemLimit)))].filter((text) => text !== '').slice(0, listedItems);

/**
 * The bounded digest of a hand-over that people read (sprint-runtime 7.3): at most some twenty lines of 118 columns, whatever the
 * report holds.
 */
export function relaySummary({ envelope, subjectTitle, acceptanceCriteria, requiredInputs, report }: RelaySummaryInput): string {
  const what = firstMeant([report?.summary ?? '', ...(report?.insights ?? []), envelope.body, subjectTitle]);
  const context = firstMeant([...(report?.insights ?? []), subjectTitle].filter((text) => plainLine(text, itemLimit) !== what));
  const lines = [
    `${summaryMarker} ${plainLine(envelope.from)} -> ${plainLine(envelope.to)} (${envelope.kind})`,
    `- request_id: ${plainLine(envelope.subjectId)}`,
    ...labelled('Why now', firstMeant([report?.transition.reason ?? '', whyOf(envelope, report)])),
    ...labelled('What', what),
    ...listed('Check now', firstFew([...(report?.qa?.findings ?? []), ...acceptanceCriteria])),
    ...listed('Constraints', firstFew([...requiredInputs, ...(report?.transition.unresolved ?? []), ...(report?.notes ?? [])])),
    ...(report && report.status !== 'completed' ? labelled('Status', report.status) : []),
    ...labelled('Error', plainLine(report?.error ?? '', itemLimit)),
    ...labelled('Context', context),
    ...listed('Refs', firstFew(report?.artifacts ?? [])),
  ];
  return lines.join('\n');
}

function whyOf(envelope: Envelope, report: ReportDigest | null): string {
  if (!report) return `${envelope.from} begins the work: ${envelope.intent}`;
  const category = report.transition.category ? ` (${report.transition.category})` : '';
  return `${report.role} ended ${report.step.replaceAll('_', ' ')} with ${report.transition.outcome || report.status}${category}`;
}

const labelled = (label: string, text: string): string[] => (text === '' ? [] : wrapped(`- ${label}: ${text}`, '  '));

const listed = (label: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`- ${label}:`, ...items.flatMap((item) => wrapped(`  - ${item}`, '    '))];

/** Breaks at spaces so that no line is longer than the width; a longer word is cut. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > wrapColumns) {
    const space = rest.lastIndexOf(' ', wrapColumns);
    const cut = space > indent.length + 2 ? space : wrapColumns;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = `${indent}${rest.slice(cut).trimStart()}`;
  }
  return [...lines, rest];
}
