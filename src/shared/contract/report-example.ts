/** Texts of the example that no honest report contains word for word. */
const placeholders = {
  requestId: '<the id given above>',
  summary: '<one or two sentences: what was done and what came out>',
  insight: '<something the next role should know>',
  artifact: '<path of a file that you wrote>',
  reason: '<why the work should go there>',
  criterion: '<an acceptance criterion, word for word>',
  source: '<where the criterion is written>',
  evidence: '<what was run or read, and what it showed>',
};

const known = new Set(Object.values(placeholders));
const statusChoice = 'completed|blocked|failed';

const common = {
  request_id: placeholders.requestId,
  status: statusChoice,
  summary: placeholders.summary,
  insights: [placeholders.insight],
  artifacts: [placeholders.artifact],
  error: '',
};

const transition = {
  outcome: 'continue|advance|reopen|block|complete',
  target_phase: '',
  target_step: '',
  requested_role: '',
  reopen_category: '',
  reason: placeholders.reason,
  unresolved_items: [],
  finalize_phase: false,
};

const qaValidation = {
  methodology: 'evidence_matrix',
  decision: 'pass|fail|blocked',
  evidence_matrix: [
    { criterion: placeholders.criterion, source: placeholders.source, evidence: placeholders.evidence, result: 'pass|fail|not_checked' },
  ],
  passed_checks: [],
  findings: [],
  residual_risks: [],
  not_checked: [],
};

/** The shape of a role's report for its prompt. Sent back unchanged it is refused, whatever field it is in. */
export function reportExample(role: string): Readonly<Record<string, unknown>> {
  const proposals = { workflow_transition: transition, ...(role === 'qa' ? { qa_validation: qaValidation } : {}) };
  return { ...common, role, proposals };
}

const isChoice = (value: string): boolean => /^[a-z_]+(\|[a-z_]+)+$/.test(value);
const choiceFields = new Set(['status', 'outcome', 'decision', 'result']);

/** Names of the fields that still hold the example's text, at most ten. */
export function copiedPlaceholders(json: object): string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: string, key: string): void => {
    if (found.length >= 10) return;
    if (typeof value === 'string') {
      if (known.has(value.trim()) || (choiceFields.has(key) && isChoice(value.trim()))) found.push(path);
    } else if (Array.isArray(value)) {
      value.forEach((entry, at) => visit(entry, `${path}[${at}]`, key));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, entry] of Object.entries(value)) visit(entry, path === '' ? name : `${path}.${name}`, name);
    }
  };
  visit(json, '', '');
  return found;
}
