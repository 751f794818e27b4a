type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Set by the runtime in the reference; a role that gives them is not heard. */
const runtimeOwned = ['next_role', 'validation_notes', 'session_id', 'session_workspace', 'contract_status'];
const gitOwned = ['commit_status', 'commit_sha', 'commit_paths', 'change_detected'];
const itemRuntimeOwned = [
  'source',
  'status',
  'fingerprint',
  'added_during_active_sprint',
  'selected_in_sprint_id',
  'completed_in_sprint_id',
  'carry_over_of',
  'created_at',
  'updated_at',
  'blocked_reason',
  'blocked_by_role',
  'required_inputs',
  'recommended_next_step',
  'dropped_reason',
];
const listKeys: Readonly<Record<string, readonly string[]>> = {
  workflow_transition: ['unresolved_items'],
  qa_validation: ['passed_checks', 'findings', 'residual_risks', 'not_checked'],
  design_feedback: ['user_judgment', 'required_inputs', 'acceptance_criteria'],
  control_action: ['kickoff_requirements'],
};

/** Empty strings in these say *nothing*, as the reference's shape has them everywhere. */
const blankIsAbsent: Readonly<Record<string, readonly string[]>> = {
  workflow_transition: ['outcome', 'target_phase', 'target_step', 'requested_role', 'reopen_category'],
  request_handling: ['mode'],
  design_feedback: ['entry_point'],
  control_action: ['command'],
};

function listOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value === '' ? [] : [value];
}

function withLists(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, keys.includes(key) ? listOf(value) : value]));
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function withoutBlanks(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key, value]) => !(keys.includes(key) && value === '')));
}

function plainItem(value: unknown): unknown {
  if (typeof value === 'string') return { title: value };
  if (!isObject(value)) return value;
  const { planned_in_sprint_id: plannedIn, ...rest } = withLists(without(value, itemRuntimeOwned), ['acceptance_criteria', 'depends_on']);
  const origin = isObject(rest['origin']) ? { origin: withLists(rest['origin'], ['requirement_refs', 'spec_refs', 'research_refs']) } : {};
  const planned = typeof plannedIn === 'string' && plannedIn !== '' && !('planned_in_sprint' in rest) ? { planned_in_sprint: true } : {};
  return { ...withoutBlanks(rest, ['kind']), ...origin, ...planned };
}

function itemKey(value: unknown): string {
  if (!isObject(value)) return JSON.stringify(value) ?? '';
  return ['title', 'scope', 'kind']
    .map((key) =>
      String(value[key] ?? '')
        .toLowerCase()
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .join('|');
}

function unique(values: readonly unknown[], keyOf: (value: unknown) => string): unknown[] {
  const seen = new Map<string, unknown>();
  for (const value of values) if (!seen.has(keyOf(value))) seen.set(keyOf(value), value);
  return [...seen.values()];
}

function gather(proposals: JsonObject, keys: readonly string[]): unknown[] | null {
  const present = keys.filter((key) => proposals[key] !== undefined && proposals[key] !== null);
  if (present.length === 0) return null;
  return present.flatMap((key) => (Array.isArray(proposals[key]) ? (proposals[key] as unknown[]) : [proposals[key]]));
}

function receiptKey(value: unknown): string {
  if (!isObject(value)) return JSON.stringify(value) ?? '';
  return String(value['backlog_id'] || value['artifact_path'] || '');
}

function paramList(value: unknown): unknown {
  return isObject(value)
    ? Object.entries(value).map(([name, entry]) => ({ name, value: typeof entry === 'string' ? entry : JSON.stringify(entry) }))
    : value;
}

function shaped(key: string, value: unknown): unknown {
  if (key === 'required_inputs') return listOf(value);
  if (!isObject(value)) return value;
  const plain = withoutBlanks(withLists(value, listKeys[key] ?? []), blankIsAbsent[key] ?? []);
  return key === 'control_action' && 'params' in plain ? { ...plain, params: paramList(plain['params']) } : plain;
}

function plainProposals(proposals: JsonObject, notes: string[]): JsonObject {
  const itemKeys = ['backlog_items', 'backlog_item', 'planned_backlog_updates'];
  const writeKeys = ['backlog_writes', 'backlog_write'];
  const items = gather(proposals, itemKeys);
  const writes = gather(proposals, writeKeys);
  const rest = without(proposals, [...itemKeys, ...writeKeys]);
  const plain = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, shaped(key, value)]));
  if (isObject(plain['routing']) && 'recommended_next_role' in plain['routing']) {
    plain['routing'] = without(plain['routing'], ['recommended_next_role']);
    notes.push('Left out proposals.routing.recommended_next_role: the workflow decides who is next.');
  }
  if (items) plain['backlog_items'] = unique(items.map(plainItem), itemKey);
  if (writes) plain['backlog_writes'] = unique(writes, receiptKey);
  return plain;
}

/** The report with every accepted alias spelled out (sprint-runtime 4.3), and a sentence for each that changes what was said. */
export function withoutAliases(report: JsonObject): { readonly report: JsonObject; readonly notes: string[] } {
  const notes: string[] = [];
  const isCommit = report['role'] === 'version_controller';
  const { commit_message: commitMessage, ...rest } = without(report, [...runtimeOwned, ...(isCommit ? gitOwned : [])]);
  const plain = withLists(rest, ['insights', 'artifacts']);
  if (plain['status'] === 'awaiting_approval' || plain['status'] === 'approval_needed') {
    notes.push(`Read the status ${plain['status']} as blocked: it waits for a person.`);
    plain['status'] = 'blocked';
  }
  const proposals = plain['proposals'] ?? {};
  if (isObject(proposals)) {
    const message = isCommit && typeof commitMessage === 'string' ? { commit_message: commitMessage } : {};
    plain['proposals'] = { ...plainProposals(proposals, notes), ...message };
  }
  if (commitMessage !== undefined && !isCommit) plain['commit_message'] = commitMessage;
  return { report: plain, notes };
}
