/** Which part of a text is wanted, in bytes: what lies before `before`, what lies after `after`, or with neither its end. */
export interface ByteRange {
  readonly before?: number;
  readonly after?: number;
  readonly limitBytes: number;
}

/** A part of a text: what lies from byte `from` up to, not including, `to`; no character is cut in two. `size` is the whole. */
export interface TextPage {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly size: number;
}
