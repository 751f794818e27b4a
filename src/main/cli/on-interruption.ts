/** A signal to a whole process group comes a second time from the process that started this one in its place and passes it on. */
const echoMs = 500;

/** Calls `asked` at the first signal that asks to end; a later one ends the process at once. Returns what stops listening. */
export function onInterruption(asked: (signal: NodeJS.Signals) => void): () => void {
  let askedAt: number | null = null;
  const hear = (signal: NodeJS.Signals): void => {
    if (askedAt === null) {
      askedAt = performance.now();
      asked(signal);
    } else if (performance.now() - askedAt > echoMs) process.exit(1);
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, hear);
  return () => names.forEach((name) => process.off(name, hear));
}
