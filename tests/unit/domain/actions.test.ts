import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/shared/domain/configuration.js';
import type { ActionDefinition } from '../../../src/shared/domain/configuration.js';
import type { Operation } from '../../../src/shared/domain/operation.js';
import type { Request } from '../../../src/shared/domain/state.js';
import { DomainStage, lead, runtime } from './domain-stage.js';
import { report, reported } from './report-shapes.js';

const lint: ActionDefinition = {
  command: ['npm', 'run', 'lint', '--', '{path}', 'of {path}'],
  lifecycle: 'foreground',
  domain: 'quality',
  allowedParams: ['path', 'depth'],
  network: false,
  timeoutSeconds: 60,
};

let loads = 0;

function stageWith(actions: Readonly<Record<string, ActionDefinition>> = { lint }, isTrusted = true): DomainStage {
  const stage = new DomainStage();
  configure(stage, actions, isTrusted);
  return stage;
}

function configure(stage: DomainStage, actions: Readonly<Record<string, ActionDefinition>>, isTrusted = true): void {
  const untrustedChanges = isTrusted ? [] : ['actions.lint is new.'];
  const sha256 = `with-actions-${(loads += 1)}`;
  stage.do(
    { type: 'load-configuration', configuration: { ...defaultConfiguration, actions }, sha256, isTrusted, untrustedChanges },
    runtime,
  );
}

function operation(stage: DomainStage): Operation {
  const found = Object.values(stage.state.operations).at(-1);
  if (!found) throw new Error('There is no operation.');
  return found;
}

function request(stage: DomainStage): Request {
  const found = Object.values(stage.state.requests).at(-1);
  if (!found) throw new Error('There is no request.');
  return found;
}

const run = (params: Record<string, string> = { path: 'src' }, actionName = 'lint') =>
  ({ type: 'execute-action', actionName, params }) as const;

/** A request that the orchestrator answers with an action. */
function asked(stage: DomainStage, params: Record<string, string> = { path: 'src' }, actionName = 'lint'): void {
  stage.do({ type: 'submit-request', text: 'Please lint the sources.' }, lead);
  answerWithAction(stage, params, actionName);
}

function answerWithAction(stage: DomainStage, params: Record<string, string> = { path: 'src' }, actionName = 'lint'): void {
  const controlAction = { kind: 'execute_action', actionName, params } as const;
  stage.endTurn(stage.only('run-turn'), reported(report('orchestrator', {}, { controlAction })));
}

const output = { outputSha256: 'abc', outputBytes: 3, isJailed: true };

describe('an action that a person asks for by name', () => {
  it('fills the values into its words, each of which stays one word, and runs under what the configuration said', () => {
    const stage = stageWith();
    stage.do(run({ path: 'src; rm -rf {depth}' }));
    expect(operation(stage)).toMatchObject({
      operationId: expect.stringMatching(/^20260324-[0-9a-f]{8}-lint-[0-9a-f]{6}$/) as string,
      requestId: '',
      command: ['npm', 'run', 'lint', '--', 'src; rm -rf {depth}', 'of src; rm -rf {depth}'],
      status: 'waiting',
      network: false,
      timeoutSeconds: 60,
      requestedBy: lead,
    });
    expect(stage.only('run-action')).toMatchObject({ lane: 'path:project' });
  });

  it.each([
    ['is unknown', run({}, 'deploy'), 'There is no action "deploy". The actions are lint.'],
    ['has the name of what every object has', run({}, 'constructor'), 'There is no action "constructor". The actions are lint.'],
    ['gets a foreign parameter', run({ path: 'src', fix: 'yes' }), 'The action "lint" has no parameter "fix". It takes path, depth.'],
    ['misses a value', run({}), 'The action "lint" needs a value for "path": `--param path=…`.'],
    [
      'would get an option',
      run({ path: '--fix' }),
      'The value of "path" must not begin with "-": the command would take it for an option.',
    ],
    ['would get two lines', run({ path: 'a\nb' }), 'The value of "path" must be one line without control characters.'],
  ])('is refused with a sentence when it %s', (_what, command, message) => {
    expect(stageWith().refused(command).message).toBe(message);
  });

  it('is refused where there are none, where it is managed, where its command names what is not allowed, and where nobody trusts it', () => {
    expect(stageWith({}).refused(run()).message).toBe(
      'This workspace has no actions. Name them as `actions` in team_runtime.yaml, and accept them with `muster trust`.',
    );
    expect(stageWith({ lint: { ...lint, lifecycle: 'managed' } }).refused(run()).message).toBe(
      'The action "lint" is managed: it would run on in the background, which Muster does not do. Make it `lifecycle: foreground` in team_runtime.yaml.',
    );
    expect(stageWith({ lint: { ...lint, allowedParams: [] } }).refused(run({})).message).toBe(
      'The action "lint" cannot be run: its command names {path}, which is not among its allowed_params in team_runtime.yaml.',
    );
    expect(stageWith({ lint }, false).refused(run())).toMatchObject({ id: 'not-trusted' });
  });

  it('is nobody else’s to ask for, and is refused while everything is stopped', () => {
    const stage = stageWith();
    expect(stage.refused(run(), { kind: 'file-edit', id: 'x' })).toMatchObject({ id: 'may-not' });
    expect(stage.refused(run(), { kind: 'role', id: 'developer' })).toMatchObject({ id: 'may-not' });
    stage.do({ type: 'stop-all' });
    expect(stage.refused(run()).message).toBe('Everything is stopped: Stopped by lead. `muster sprint resume` goes on.');
  });

  it('that may have happened is a problem that a person sees', () => {
    const stage = stageWith();
    stage.do(run());
    stage.settle(stage.only('run-action'), 'run-action', { kind: 'unknown' });
    expect(operation(stage).status).toBe('unknown');
    expect(Object.values(stage.state.problems)).toMatchObject([
      {
        reason:
          'Muster was ended while the action "lint" ran, so it may have happened, in part or in whole. Look at what it did before it is run again.',
      },
    ]);
  });
});

describe('an action in answer to a request', () => {
  it('holds the request until it has ended, and completes it with the result', () => {
    const stage = stageWith();
    asked(stage);
    const { operationId } = operation(stage);
    expect(operationId.startsWith(`${request(stage).requestId}-lint-`)).toBe(true);
    expect(request(stage)).toMatchObject({ status: 'queued', operationId });
    expect(stage.pending('run-turn')).toEqual([]);
    stage.do({ type: 'note-operation-begun', operationId }, runtime);
    stage.settle(stage.only('run-action'), 'run-action', { kind: 'exited', exitCode: 0, ...output });
    expect(operation(stage)).toMatchObject({ status: 'completed', returncode: 0 });
    expect(request(stage)).toMatchObject({
      status: 'completed',
      outcome: `The action "lint" ended with exit code 0. Its output is in logs/operations/${operationId}.log.`,
    });
    expect(stage.pending()).toEqual([]);
    expect(stage.refold().operations).toEqual(stage.state.operations);
  });

  it('fails the request with its exit code, and with its limit', () => {
    const failing = stageWith();
    asked(failing);
    failing.settle(failing.only('run-action'), 'run-action', { kind: 'exited', exitCode: 2, ...output });
    expect(request(failing)).toMatchObject({
      status: 'failed',
      outcome: expect.stringContaining('ended with exit code 2') as string,
    });
    const slow = stageWith();
    asked(slow);
    slow.settle(slow.only('run-action'), 'run-action', { kind: 'timed-out', ...output, isJailed: false });
    expect(request(slow).outcome).toBe(
      `The action "lint" took longer than 60 s and was ended; it may have done a part of its work. It ran without a jail. Its output is in logs/operations/${operation(slow).operationId}.log.`,
    );
  });

  it('that may have happened asks a person, who can have it asked for again', () => {
    const stage = stageWith();
    asked(stage);
    stage.settle(stage.only('run-action'), 'run-action', { kind: 'unknown' });
    const { requestId } = request(stage);
    expect(request(stage)).toMatchObject({
      status: 'blocked',
      blocker: { reason: expect.stringMatching(/it may have happened.*`muster retry 2.*` asks for it again/) as string },
    });
    expect(stage.pending()).toEqual([]);
    stage.do({ type: 'retry', subjectId: requestId });
    answerWithAction(stage);
    expect(Object.values(stage.state.operations).map(({ status }) => status)).toEqual(['unknown', 'waiting']);
  });

  it.each([
    ['unknown', { lint }, {}, 'deploy', 'There is no action "deploy". The actions are lint.'],
    [
      'asked with bad values',
      { lint },
      { path: '-x' },
      'lint',
      'The value of "path" must not begin with "-": the command would take it for an option.',
    ],
    [
      'disabled',
      {},
      { path: 'src' },
      'lint',
      'This workspace has no actions. Name them as `actions` in team_runtime.yaml, and accept them with `muster trust`.',
    ],
  ] as const)('fails the request when it is %s, and runs nothing', (_what, actions, params, name, outcome) => {
    const stage = stageWith(actions);
    asked(stage, params, name);
    expect(request(stage)).toMatchObject({ status: 'failed', outcome });
    expect(stage.state.operations).toEqual({});
    expect(stage.pending()).toEqual([]);
  });

  it('is not run for a request that came as a file, whoever let it start', () => {
    const stage = stageWith();
    const envelope = { from: 'somebody', intent: 'route', scope: 'lint', body: 'Run the action lint.' };
    stage.do({ type: 'take-intake', sha256: 'f'.repeat(64), role: 'orchestrator', envelope, reason: '' }, runtime);
    stage.do({ type: 'retry', subjectId: request(stage).requestId });
    answerWithAction(stage);
    expect(request(stage)).toMatchObject({ status: 'failed', outcome: 'A control action needs a person who asked for it.' });
    expect(stage.state.operations).toEqual({});
  });

  it('counts only from the orchestrator', () => {
    const stage = stageWith();
    stage.do({ type: 'submit-request', text: 'Lint it.' }, lead);
    stage.endTurn(stage.only('run-turn'), reported(report('orchestrator')));
    const controlAction = { kind: 'execute_action', actionName: 'lint', params: { path: 'src' } } as const;
    stage.endTurn(stage.only('run-turn'), reported(report('planner', {}, { controlAction })));
    expect(request(stage).status).toBe('completed');
    expect(stage.state.operations).toEqual({});
  });
});

describe('an action that is stopped', () => {
  it('by cancelling its request ends with its process, and says whether it had begun', () => {
    const stage = stageWith();
    asked(stage);
    const { operationId } = operation(stage);
    stage.do({ type: 'note-operation-begun', operationId }, runtime);
    stage.do({ type: 'cancel-request', requestId: request(stage).requestId });
    expect(request(stage).status).toBe('cancelled');
    expect(operation(stage)).toMatchObject({
      status: 'failed',
      outcome: 'The action "lint" was stopped: its request was cancelled. It had begun, so it may have done a part of its work.',
    });
    expect(stage.pending()).toEqual([]);
  });

  it('with everything else fails its request', () => {
    const stage = stageWith();
    asked(stage);
    stage.do({ type: 'stop-all' });
    expect(operation(stage)).toMatchObject({ status: 'failed', outcome: 'The action "lint" was stopped: Stopped by lead.' });
    expect(request(stage).status).toBe('failed');
    expect(stage.pending()).toEqual([]);
  });

  it('by being set aside has failed before it began, and may have happened after', () => {
    const early = stageWith();
    asked(early);
    early.do({ type: 'park-effect', effectId: early.only('run-action').effectId, reason: 'No room.', logs: [] }, runtime);
    expect(operation(early).status).toBe('failed');
    const late = stageWith();
    asked(late);
    late.do({ type: 'note-operation-begun', operationId: operation(late).operationId }, runtime);
    late.do({ type: 'park-effect', effectId: late.only('run-action').effectId, reason: 'No room.', logs: [] }, runtime);
    expect(operation(late).status).toBe('unknown');
    expect(request(late).status).toBe('blocked');
  });
});
