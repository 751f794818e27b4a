/** What a function that may be refused returns: plain objects, never class instances, so that it is safe on any wire. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Wraps a value that was reached. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** Wraps the reason why it was not reached. */
export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });
