/** Turns a list of numbers into choices; a shrunk list makes a shorter and plainer story. Past its end the first option is taken. */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** Numbers that have not been used; below zero once more was asked than there is. */
  get left(): number {
    return this.#numbers.length - this.#at;
  }

  get isSpent(): boolean {
    return this.left <= 0;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return number % below;
  }

  pick<T>(options: readonly [T, ...T[]]): T {
    return options[this.below(options.length)] ?? options[0];
  }

  /** One of the options, as often as its weight says. */
  weighted<T>(options: readonly [readonly [number, T], ...(readonly [number, T])[]]): T {
    let left = this.below(options.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, option] of options) {
      if (left < weight) return option;
      left -= weight;
    }
    return options[0][1];
  }
}
