import { readFile, rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ActionOutcome, Operation } from '../../../shared/domain/operation.js';
import type { State } from '../../../shared/domain/state.js';
import type { EffectHandler } from '../ports/effect-handler.js';
import type { JailResult } from '../ports/jail.js';
import type { ActionPlace } from './action-place.js';
import type { EffectServices } from './effect-services.js';

/** Why an operation that was accepted is not run any more, or null: what is trusted may have changed meanwhile. */
function barOf(operation: Operation, state: State): string | null {
  if (!state.isTrusted) return 'what this workspace would run is not trusted any more. Look at it with `muster trust`.';
  const actions = state.configuration?.actions ?? {};
  const action = Object.hasOwn(actions, operation.action) ? actions[operation.action] : undefined;
  const { domain, network, timeoutSeconds } = operation;
  const isSame =
    action?.lifecycle === 'foreground' &&
    isDeepStrictEqual([action.domain, action.network, action.timeoutSeconds], [domain, network, timeoutSeconds]);
  return isSame ? null : 'it was changed or taken away in team_runtime.yaml after it was asked for. Ask for it again.';
}

async function kept(services: EffectServices, place: ActionPlace, operationId: string) {
  const file = place.outputFile(operationId);
  const raw = await readFile(file).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? Buffer.alloc(0) : Promise.reject(error),
  );
  const outputSha256 = await services.blobs.put(raw);
  // What the store keeps is without the known secrets, and so is what people read.
  const bytes = (await services.blobs.get(outputSha256)) ?? Buffer.alloc(0);
  await place.writeLog(operationId, bytes.toString('utf8'));
  await rm(file, { force: true });
  return { outputSha256, outputBytes: bytes.length };
}

async function outcomeOf(services: EffectServices, place: ActionPlace, operation: Operation, result: JailResult): Promise<ActionOutcome> {
  switch (result.kind) {
    case 'could-not-start':
      return { kind: 'could-not-start', reason: result.reason };
    case 'stopped':
      return { kind: 'unknown' };
    case 'exited':
      return {
        kind: 'exited',
        exitCode: result.exitCode,
        isJailed: result.jailed,
        ...(await kept(services, place, operation.operationId)),
      };
    case 'timed-out':
    case 'output-limit':
      return { kind: result.kind, isJailed: result.jailed, ...(await kept(services, place, operation.operationId)) };
  }
}

/**
 * Runs an action once. One that had begun when the runtime was ended is never run again by itself: either its result was kept, or nobody
 * can say what it did.
 */
export const createRunAction =
  (services: EffectServices): EffectHandler<'run-action'> =>
  async ({ operationId }, { signal }) => {
    const place = services.actions;
    const operation = services.state().operations[operationId];
    if (!operation) return { kind: 'could-not-start', reason: 'it is not known any more.' };
    const known = await place.records.read<ActionOutcome>(`operation-${operationId}`);
    if (known) return known;
    if (operation.status === 'running') return { kind: 'unknown' };
    const bar = barOf(operation, services.state());
    if (bar !== null) return { kind: 'could-not-start', reason: bar };
    const [program, ...rest] = operation.command;
    if (!(await services.tell({ type: 'note-operation-begun', operationId })).ok)
      throw new Error(`Operation ${operationId} could not be noted as begun.`);
    const result = await place.jail.run(
      {
        ...place.surroundings,
        tag: `action-${operationId}`,
        argv: [program ?? '', ...rest],
        caches: [],
        readable: [],
        network: operation.network,
        env: {},
        timeoutMs: operation.timeoutSeconds * 1000,
        outputFile: place.outputFile(operationId),
      },
      signal,
    );
    const outcome = await outcomeOf(services, place, operation, result);
    if (outcome.kind !== 'unknown') await place.records.write(`operation-${operationId}`, outcome);
    return outcome;
  };
