import type { Effect, EffectType } from '../../../shared/domain/effect.js';
import type { EffectOutcomes } from '../../../shared/domain/vocabulary.js';

/** What a handler gets besides its effect. */
export interface EffectRun {
  readonly effectId: string;
  /** From 1; over 1 it may have happened already, in part or in whole, so a handler looks before it acts. */
  readonly attempt: number;
  /** Aborted when the effect is cancelled or the runtime stops. */
  readonly signal: AbortSignal;
}

/** Carries out one type of effect. Throws only for what is unexpected; that is tried again. */
export type EffectHandler<T extends EffectType> = (effect: Extract<Effect, { type: T }>, run: EffectRun) => Promise<EffectOutcomes[T]>;

/** A handler for every type of effect. */
export type EffectHandlers = { readonly [T in EffectType]: EffectHandler<T> };
