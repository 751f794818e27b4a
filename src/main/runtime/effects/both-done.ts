/** Both values once both have ended: unlike with `Promise.all`, nothing of the one is under way any more when the other's failure is thrown. */
export async function bothDone<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

/** Lets what was begun get as far as it does without waiting, such as to the start of a program; what follows has the time until that answers. */
export const onItsWay = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
