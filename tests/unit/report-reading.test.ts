import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractJson } from '../../src/main/runtime/roles/extract-json.js';
import { readReport } from '../../src/main/runtime/roles/read-report.js';

const truth = { role: 'developer', subjectId: 'todo-1' };
const report = {
  status: 'completed',
  summary: 'Read "weeks": {w} and `d`.',
  proposals: { workflow_transition: { outcome: 'advance' } },
  artifacts: ['src/a.js'],
};

const anyReport = fc.record({
  status: fc.constantFrom('completed', 'blocked', 'failed'),
  summary: fc.string({ minLength: 1 }),
  insights: fc.array(fc.string()),
  proposals: fc.dictionary(fc.string(), fc.jsonValue()),
});
const prose = fc
  .array(fc.oneof(fc.lorem(), fc.constantFrom('{', '}', '"', '{"', '```', '\n', "it's", '{}', '[1]', '{"a": 1}', '\\', '{"k":"')), {
    maxLength: 8,
  })
  .map((parts) => parts.join(' '));

const value = (text: string): unknown => {
  const found = extractJson(text);
  return found.kind === 'found' ? found.value : found;
};

describe('extractJson', () => {
  it('finds any report between any prose', () => {
    fc.assert(
      fc.property(anyReport, prose, prose, fc.constantFrom(0, 2), (json, before, after, indent) => {
        expect(value(`${before}\n${JSON.stringify(json, null, indent)}\n${after}`)).toEqual(JSON.parse(JSON.stringify(json)));
      }),
      { numRuns: 300 },
    );
  });

  it('finds any fenced report, whatever stands around the fence', () => {
    fc.assert(
      fc.property(anyReport, fc.lorem(), fc.lorem(), fc.constantFrom('', 'json'), (json, before, after, language) => {
        expect(value(`${before}\n\`\`\`${language}\n${JSON.stringify(json, null, 2)}\n\`\`\`\n${after}`)).toEqual(
          JSON.parse(JSON.stringify(json)),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('throws on no input', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 400 }), prose, fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0ae1 \n`t-'), maxLength: 200 })),
        (text) => {
          expect(['found', 'none']).toContain(extractJson(text).kind);
          expect(['report', 'malformed', 'contract']).toContain(readReport(text, truth).kind);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('repairs any report that is cut off after its summary, and marks it', () => {
    fc.assert(
      fc.property(anyReport, fc.nat(), (json, at) => {
        const text = JSON.stringify(json);
        const head = text.indexOf('"insights"');
        const cut = head + (at % (text.length - head));
        const found = extractJson(text.slice(0, cut));
        expect(found).toMatchObject({ kind: 'found', wasRepaired: true, value: { status: json.status, summary: json.summary } });
      }),
      { numRuns: 300 },
    );
  });

  it('finds nothing in a report that is cut off before its summary', () => {
    expect(extractJson('{"status": "completed", "proposals": {"workflow_tran').kind).toBe('none');
  });

  it('does not take an object inside a cut-off report for the report', () => {
    const text = JSON.stringify({
      status: 'completed',
      summary: 'Planned.',
      proposals: { backlog_items: [{ title: 'x', status: 'pending', summary: 'y' }], more: 'text' },
    });
    expect(value(text.slice(0, -8))).toMatchObject({ summary: 'Planned.' });
  });

  it('joins a report that is spread over several fences', () => {
    const text = JSON.stringify(report);
    expect(value(`First half:\n\`\`\`json\n${text.slice(0, 30)}\n\`\`\`\nand the rest:\n\`\`\`json\n${text.slice(30)}\n\`\`\`\n`)).toEqual(
      report,
    );
  });

  it('prefers an object with the needed keys to one before it', () => {
    expect(value(`I set {"retries": 3} and then:\n${JSON.stringify(report)}`)).toEqual(report);
    expect(value('only {"retries": 3} here')).toEqual({ retries: 3 });
  });

  it('refuses more than 1 MiB with a sentence', () => {
    expect(extractJson(`${' '.repeat(1024 * 1024)}{}`)).toMatchObject({
      kind: 'too-large',
      reason: 'The answer has 1,048,578 characters; a report may have 1,048,576 bytes. Answer with the report alone.',
    });
  });

  it.each<[string, string, number?]>([
    ['braces', '{', 5_000_000],
    ['nested objects', '{"a":'],
    ['objects with strings', '{"a":"{'],
    ['keys that look like reports', '{"status":1,"summary":'],
    ['open strings', '{"'],
    ['lists', '{"a":[['],
    ['fences', '```\n{'],
  ])('looks at each character a bounded number of times in a long text of %s', (_name, unit, length = 500_000) => {
    const text = unit.repeat(length / unit.length);
    const found = extractJson(text, { maxBytes: 10_000_000 });
    expect(found.steps).toBeLessThanOrEqual(20 * text.length);
  });
});

describe('readReport', () => {
  it('reads a fenced report behind prose', () => {
    expect(readReport(`All done.\n\`\`\`json\n${JSON.stringify(report)}\n\`\`\``, truth)).toMatchObject({
      kind: 'report',
      report: { role: 'developer', subjectId: 'todo-1', status: 'completed' },
    });
  });

  it('calls prose malformed, with the beginning of it', () => {
    expect(readReport('QA passed, everything is fine.', truth)).toEqual({
      kind: 'malformed',
      reason: 'The answer contains no JSON object.',
      excerpt: 'QA passed, everything is fine.',
    });
    expect(readReport('  \n', truth)).toMatchObject({ kind: 'malformed', reason: 'The answer is empty.' });
  });

  it('says in the report that it was cut off', () => {
    expect(readReport(JSON.stringify(report).slice(0, -6), truth)).toMatchObject({
      kind: 'report',
      report: { validationNotes: ['The answer broke off; the report was read up to there.'] },
    });
  });

  it('hands on what breaks the contract', () => {
    expect(readReport('{"status": "ok", "summary": "x"}', truth)).toEqual({
      kind: 'contract',
      problems: ['status is "ok"; allowed: completed, blocked, failed.'],
    });
  });
});
