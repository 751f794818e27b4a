/** What a turn used, as far as it was told. */
export interface TurnTokens {
  /** Of all attempts that were told so far. */
  tokens: { input: number; cachedInput: number; output: number };
  /** Attempts up to this one failed and are in `tokens`; left out before the first. */
  toldAttempts?: number;
  /** The turn was ended before its process was: what its last attempts used is told when that is gone, or by the next start. Left out otherwise. */
  isUntold?: true;
}
