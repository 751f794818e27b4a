import { DomainStage } from '../tests/unit/domain/domain-stage.js';
import { eventsOf, playSprint } from './support/history.js';

const rounds = 5;
const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Folds 10,000 events from their text; the limit is parsing the same text, which any reader has to do. */
export async function benchFold(): Promise<Record<string, unknown>> {
  const stage = new DomainStage({ limits: { parallelTodos: 4, dayTokens: Number.MAX_SAFE_INTEGER, dayTurns: null } });
  while (eventsOf(stage) < 10_000) playSprint(stage, 20);
  const events = eventsOf(stage);
  const figures: { foldMs: number; parseMs: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const parseStart = performance.now();
    for (const { body } of stage.records) JSON.parse(body);
    const parseMs = performance.now() - parseStart;
    const foldStart = performance.now();
    stage.refold();
    figures.push({ foldMs: performance.now() - foldStart, parseMs });
  }
  const best = figures.reduce((a, b) => (b.foldMs < a.foldMs ? b : a));
  return {
    events,
    records: stage.records.length,
    foldMs: rounded(best.foldMs),
    parseMs: rounded(best.parseMs),
    ratioToParsing: rounded(best.foldMs / best.parseMs),
    eventsPerSecond: Math.round((events / best.foldMs) * 1000),
  };
}
