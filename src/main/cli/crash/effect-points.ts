import { AsyncLocalStorage } from 'node:async_hooks';
import type { Effect, EffectType } from '../../../shared/domain/effect.js';
import type { State } from '../../../shared/domain/state.js';
import type { Seams } from '../../runtime/compose-services.js';
import type { EffectHandler, EffectHandlers } from '../../runtime/ports/effect-handler.js';
import type { GitRepository } from '../../runtime/ports/git-repository.js';
import type { Runner } from '../../runtime/ports/runner.js';
import type { Killer } from './killer.js';
import { nameEffect } from './name-effect.js';

interface Scene {
  readonly type: EffectType;
  readonly name: string;
}

/** Verbs that leave something behind outside. */
const leavingMarks = [
  'addWorktree',
  'removeWorktree',
  'moveWorktree',
  'bringWork',
  'checkpoint',
  'restoreCheckpoint',
  'commitAll',
  'commitTree',
  'rebase',
  'revertTree',
  'integrate',
  'exportTree',
  'enforceGuard',
] as const satisfies readonly (keyof GitRepository)[];

/** Stands between the runtime and the outside, and says before, between and after every effect where it is. */
export class EffectPoints {
  readonly #killer: Killer;
  readonly #state: () => State;
  readonly #scenes = new AsyncLocalStorage<Scene>();
  readonly #handled = new Map<string, Scene>();

  constructor(killer: Killer, state: () => State) {
    this.#killer = killer;
    this.#state = state;
  }

  readonly seams: Seams = {
    handlers: (handlers) => this.#handlers(handlers),
    runner: (runner) => this.#runner(runner),
    git: (git) => this.#git(git),
  };

  /** To be called when the outcome of an effect is durable. */
  told(effectId: string): void {
    const scene = this.#handled.get(effectId);
    if (scene) this.#killer.reach(`${scene.type}:told`, scene.name);
  }

  /** Something happened outside on behalf of the effect under way, if any. */
  between(what: string): void {
    this.#between(this.#scenes.getStore(), what);
  }

  #between(scene: Scene | undefined, what: string): void {
    if (scene) this.#killer.reach(`${scene.type}:between`, `${scene.name}, ${what}`);
  }

  #handlers(handlers: EffectHandlers): EffectHandlers {
    const wrapped = Object.entries(handlers).map(([type, handler]) => [type, this.#handler(handler as EffectHandler<EffectType>)]);
    return Object.fromEntries(wrapped) as EffectHandlers;
  }

  #handler(handler: EffectHandler<EffectType>): EffectHandler<EffectType> {
    return async (effect: Effect, run) => {
      const scene = { type: effect.type, name: nameEffect(effect, this.#state()) };
      this.#handled.set(run.effectId, scene);
      this.#killer.reach(`${scene.type}:before`, scene.name);
      const outcome = await this.#scenes.run(scene, () => handler(effect, run));
      this.#killer.reach(`${scene.type}:after`, scene.name);
      return outcome;
    };
  }

  #git(git: GitRepository): GitRepository {
    const marking = leavingMarks.map((verb) => {
      const call = git[verb].bind(git) as (...args: readonly unknown[]) => Promise<unknown>;
      const wrapped = async (...args: readonly unknown[]): Promise<unknown> => {
        const result = await call(...args);
        this.between(`after ${verb}`);
        return result;
      };
      return [verb, wrapped];
    });
    return { ...git, ...Object.fromEntries(marking) } as GitRepository;
  }

  #runner(runner: Runner): Runner {
    return {
      id: runner.id,
      label: runner.label,
      isRehearsal: runner.isRehearsal,
      untold: (attempts) => runner.untold(attempts),
      run: async (input, onEvent, signal) => {
        const scene = this.#scenes.getStore();
        this.#killer.note({ t: 'started', turnId: input.turnId, attempt: input.attempt });
        this.#between(scene, 'before the runner');
        const outcome = await runner.run(
          input,
          async (event) => {
            this.#between(scene, `on ${event.type}`);
            await onEvent(event);
            this.#between(scene, `after ${event.type}`);
          },
          signal,
        );
        this.#between(scene, 'after the runner');
        return outcome;
      },
    };
  }
}
