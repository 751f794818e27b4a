/** Gives the text of one part of a file, made anew only when its entity was touched. */
export type BlockSource = (kind: string, id: string, make: () => string) => string;

/** Makes every block anew; for pure rendering. */
export const freshBlocks: BlockSource = (_kind, _id, make) => make();

/** Keeps the blocks of untouched entities, so that one change among ten thousand renders one block. */
export class BlockCache {
  readonly #blocks = new Map<string, Map<string, string>>();

  readonly source: BlockSource = (kind, id, make) => {
    let ofEntity = this.#blocks.get(id);
    if (ofEntity === undefined) this.#blocks.set(id, (ofEntity = new Map()));
    let text = ofEntity.get(kind);
    if (text === undefined) ofEntity.set(kind, (text = make()));
    return text;
  };

  /** Forgets all blocks of an entity. */
  drop(id: string): void {
    this.#blocks.delete(id);
  }

  clear(): void {
    this.#blocks.clear();
  }
}
