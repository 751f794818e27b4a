import { z } from 'zod';
import type {
  BacklogReceipt,
  ControlAction,
  DesignFeedback,
  JsonValue,
  ProposedBacklogItem,
  QaValidation,
  Report,
  ReportProposals,
  WorkflowTransition,
} from '../domain/report.js';
import { planningContracts } from '../domain/report.js';
import type { Result } from '../kernel/result.js';
import { err, ok } from '../kernel/result.js';
import { withoutAliases } from './report-aliases.js';
import { copiedPlaceholders } from './report-example.js';
import { sentencesOf } from './report-problems.js';
import type { WireReport } from './report-schema.js';
import { answerSchema, knownProposals, wireReport } from './report-schema.js';

/** Who the turn was really given to, and what it was about; what the answer says of these is overwritten. */
export interface ReportTruth {
  readonly role: string;
  readonly subjectId: string;
}

/** Why an answer is not a report: one sentence for each thing to mend, to be handed back to the role. */
export interface ContractProblem {
  readonly kind: 'contract';
  readonly problems: readonly string[];
}

type Wire<Key extends keyof typeof knownProposals> = NonNullable<z.infer<(typeof knownProposals)[Key]>>;

const orNull = <T>(value: T | null | undefined): T | null => value ?? null;
const textOrNull = (value: string | null | undefined): string | null => value || null;
const present = (values: readonly string[] | null | undefined): readonly string[] => (values ?? []).filter((value) => value.trim() !== '');

function transitionOf(wire: Wire<'workflow_transition'>): WorkflowTransition {
  return {
    outcome: orNull(wire.outcome),
    targetPhase: orNull(wire.target_phase),
    targetStep: orNull(wire.target_step),
    requestedRole: textOrNull(wire.requested_role),
    reopenCategory: orNull(wire.reopen_category),
    reason: wire.reason ?? '',
    unresolvedItems: present(wire.unresolved_items),
    finalizePhase: wire.finalize_phase ?? false,
  };
}

function itemOf(wire: Wire<'backlog_items'>[number]): ProposedBacklogItem {
  return {
    backlogId: textOrNull(wire.backlog_id),
    title: wire.title,
    summary: orNull(wire.summary),
    kind: orNull(wire.kind),
    scope: orNull(wire.scope),
    acceptanceCriteria: wire.acceptance_criteria ? present(wire.acceptance_criteria) : null,
    priorityRank: orNull(wire.priority_rank),
    dependsOn: wire.depends_on ? present(wire.depends_on) : null,
    milestoneTitle: textOrNull(wire.milestone_title),
    plannedInSprint: orNull(wire.planned_in_sprint),
    origin: {
      milestoneRef: textOrNull(wire.origin?.milestone_ref),
      requirementRefs: present(wire.origin?.requirement_refs),
      specRefs: present(wire.origin?.spec_refs),
      researchRefs: present(wire.origin?.research_refs),
      requestId: textOrNull(wire.origin?.request_id),
    },
  };
}

function receiptOf(wire: Wire<'backlog_writes'>[number]): BacklogReceipt {
  return {
    backlogId: textOrNull(wire.backlog_id),
    artifactPath: textOrNull(wire.artifact_path),
    status: textOrNull(wire.status),
    changedFields: present(wire.changed_fields),
  };
}

function qaOf(wire: Wire<'qa_validation'>): QaValidation {
  return {
    methodology: wire.methodology,
    decision: wire.decision,
    evidenceMatrix: wire.evidence_matrix,
    passedChecks: present(wire.passed_checks),
    findings: present(wire.findings),
    residualRisks: present(wire.residual_risks),
    notChecked: present(wire.not_checked),
  };
}

function designOf(wire: Wire<'design_feedback'>): DesignFeedback {
  const priority = wire.message_priority;
  return {
    entryPoint: orNull(wire.entry_point),
    userJudgment: present(wire.user_judgment),
    messagePriority: priority ? { lead: priority.lead ?? '', summary: priority.summary ?? '', defer: priority.defer ?? '' } : null,
    routingRationale: wire.routing_rationale ?? '',
    requiredInputs: present(wire.required_inputs),
    acceptanceCriteria: present(wire.acceptance_criteria),
  };
}

function actionOf(wire: Wire<'control_action'>, problems: string[]): ControlAction | null {
  const at = 'proposals.control_action';
  if (wire.kind === 'cancel_request') {
    if (wire.request_id) return { kind: wire.kind, requestId: wire.request_id };
    problems.push(`${at}.request_id is missing; cancel_request names the request to cancel.`);
    return null;
  }
  if (wire.kind === 'execute_action') {
    const params = Object.fromEntries((wire.params ?? []).map(({ name, value }) => [name, value]));
    if (wire.action_name) return { kind: wire.kind, actionName: wire.action_name, params };
    problems.push(`${at}.action_name is missing; execute_action names a registered action.`);
    return null;
  }
  if (!wire.command) {
    problems.push(`${at}.command is missing; sprint_lifecycle takes start, stop, restart or status.`);
    return null;
  }
  return {
    kind: wire.kind,
    command: wire.command,
    milestoneTitle: textOrNull(wire.milestone_title),
    kickoffBrief: textOrNull(wire.kickoff_brief),
    kickoffRequirements: present(wire.kickoff_requirements),
  };
}

function receiptProblems(writes: Wire<'backlog_writes'>): string[] {
  return writes.flatMap((write, at) =>
    write.backlog_id || write.artifact_path
      ? []
      : [`proposals.backlog_writes[${at}] names neither backlog_id nor artifact_path; give one of them.`],
  );
}

function proposalsOf(wire: NonNullable<WireReport['proposals']>, problems: string[]): ReportProposals {
  const other = Object.fromEntries(
    Object.entries(wire).filter(([key, value]) => !Object.hasOwn(knownProposals, key) && value !== null),
  ) as Record<string, JsonValue>;
  problems.push(...receiptProblems(wire.backlog_writes ?? []));
  return {
    workflowTransition: wire.workflow_transition ? transitionOf(wire.workflow_transition) : null,
    backlogItems: (wire.backlog_items ?? []).map(itemOf),
    backlogWrites: (wire.backlog_writes ?? []).map(receiptOf),
    revisedMilestoneTitle: textOrNull(wire.revised_milestone_title),
    qaValidation: wire.qa_validation ? qaOf(wire.qa_validation) : null,
    requestHandling: wire.request_handling?.mode ? { mode: wire.request_handling.mode } : null,
    controlAction: wire.control_action ? actionOf(wire.control_action, problems) : null,
    requiredInputs: present(wire.required_inputs),
    designFeedback: wire.design_feedback ? designOf(wire.design_feedback) : null,
    sprintReport: orNull(wire.sprint_report) as ReportProposals['sprintReport'],
    blockedReason: textOrNull(wire.blocked_reason),
    planningContracts: planningContracts.filter((key) => key in other && other[key] !== ''),
    commitMessage: textOrNull(wire.commit_message),
    other,
  };
}

/**
 * Reads a role's answer as a report: strict after its aliases. An unknown or missing status, an unknown key, an unknown value of an
 * enumeration, an oversized text or the example sent back is a contract problem, never a guess.
 */
export function parseReport(json: unknown, truth: ReportTruth): Result<Report, ContractProblem> {
  const refuse = (problems: readonly string[]): Result<Report, ContractProblem> => err({ kind: 'contract', problems });
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refuse(['The answer is not a JSON object; give one object with status, summary and the further fields of the report.']);
  const copied = copiedPlaceholders(json);
  if (copied.length > 0)
    return refuse([
      `The answer repeats the example instead of filling it in: ${copied.join(', ')} still ${copied.length === 1 ? 'holds' : 'hold'} the example's text.`,
    ]);
  const { report: plain, notes } = withoutAliases({ ...json, role: truth.role });
  const parsed = wireReport.safeParse(plain);
  if (!parsed.success) return refuse(sentencesOf(parsed.error.issues, plain));
  const wire = parsed.data;
  const problems: string[] = [];
  const proposals = proposalsOf(wire.proposals ?? {}, problems);
  if (wire.summary.trim() === '') problems.push('summary is empty; say in a sentence what was done and what came out.');
  if (problems.length > 0) return refuse(problems);
  return ok({
    subjectId: truth.subjectId,
    role: truth.role,
    status: wire.status,
    summary: wire.summary,
    insights: present(wire.insights),
    proposals,
    artifacts: present(wire.artifacts),
    error: wire.error ?? '',
    validationNotes: notes,
  });
}

type JsonSchema = Record<string, unknown>;

const isObject = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keywords that strict structured outputs of some services refuse; the parser holds the bounds. */
const leftOut = new Set(['$schema', 'maxLength', 'minLength', 'maxItems', 'minItems', 'minimum', 'maximum']);

function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (!isObject(schema)) return schema;
  const plain = Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !leftOut.has(key))
      .map(([key, value]) => [key, key === 'properties' ? properties(value) : strict(value)]),
  );
  return isObject(plain['properties']) ? { ...plain, required: Object.keys(plain['properties']), additionalProperties: false } : plain;
}

const properties = (value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, strict(schema)])) : value;

/**
 * JSON Schema of a role's report for runners that can hold a model to one: every key is required and may be null instead, nothing
 * else is allowed. What fits it is read by `parseReport` without a shape problem.
 */
export function reportJsonSchema(role: string): Readonly<Record<string, unknown>> {
  const made = madeSchemas.get(role) ?? (strict(z.toJSONSchema(answerSchema(role), { io: 'input' })) as JsonSchema);
  madeSchemas.set(role, made);
  return made;
}

/** By role; each turn asks twice. */
const madeSchemas = new Map<string, JsonSchema>();
