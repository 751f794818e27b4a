const placeholder = /\{([A-Za-z_][\w-]*)\}/g;

/** Names of the placeholders of an action's command, each once (sprint-runtime 2.2). */
export const placeholdersOf = (command: readonly string[]): string[] => [
  ...new Set(command.flatMap((word) => [...word.matchAll(placeholder)].map((match) => match[1] ?? ''))),
];

/** Program and arguments with the values in their places: a word stays one word, and a value is never looked at for placeholders of its own. */
export const filledCommand = (command: readonly string[], params: Readonly<Record<string, string>>): string[] =>
  command.map((word) => word.replace(placeholder, (_all, key: string) => params[key] ?? ''));
