/** Role ids are data; the nine of the built-in roster are in `roster.ts`. */
export type RoleId = string;

/** Who did something. A role never acts by its words, only by a validated report. */
export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly via: 'window' | 'web' | 'cli' | 'discord' | 'demo' }
  | { readonly kind: 'role'; readonly id: RoleId }
  | { readonly kind: 'file-edit'; readonly id: string }
  | { readonly kind: 'runtime'; readonly id: 'runtime' };
