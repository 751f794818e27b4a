/** Runs tasks in the order given within a lane and side by side across lanes; a failed task does not stop its lane. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();

  /** Settles as `task` does, after every earlier task of the same lane has settled. */
  run<T>(lane: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(lane) ?? Promise.resolve();
    const result = before.then(task);
    const tail: Promise<void> = result.then(
      () => this.#leave(lane, tail),
      () => this.#leave(lane, tail),
    );
    this.#tails.set(lane, tail);
    return result;
  }

  /** Names of the lanes that have a task waiting or at work. */
  busy(): readonly string[] {
    return [...this.#tails.keys()];
  }

  /** Resolves when no lane has anything left, tasks added meanwhile included. */
  async drain(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }

  #leave(lane: string, tail: Promise<void>): void {
    if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
  }
}
