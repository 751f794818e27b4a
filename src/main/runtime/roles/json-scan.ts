/** What a strict reading from one `{` came to. */
export interface ObjectScan {
  /** `cut-off`: all was well until the text ended. */
  readonly kind: 'complete' | 'cut-off' | 'broken';
  /** Behind the last character that was read. */
  readonly end: number;
  /** Keys of the outermost object. */
  readonly topKeys: readonly string[];
  /** Where braces were opened that this reading did not see closed. */
  readonly unclosed: readonly number[];
  /** The text from the start up to `keep`, and `suffix` behind it, is a complete object. */
  readonly repair: { readonly keep: number; readonly suffix: string };
}

/** Characters that may still be looked at. */
export interface ScanBudget {
  left: number;
}

interface Token {
  readonly kind: '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'scalar' | 'cut-off' | 'broken';
  readonly start: number;
  readonly end: number;
  /** Where a cut-off string can be closed: not inside an escape. */
  readonly closableAt?: number;
}

type State = 'key-or-end' | 'key' | 'colon' | 'value' | 'value-or-end' | 'comma-or-end';

interface Frame {
  readonly closer: '}' | ']';
  readonly start: number;
  state: State;
}

interface Reading {
  readonly text: string;
  readonly frames: Frame[];
  readonly topKeys: string[];
  repair: ObjectScan['repair'];
}

const deepest = 100;
const space = /[ \n\r\t]*/y;
const plainRun = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;
const beginningOfEscape = /^\\(?:u[\dA-Fa-f]{0,3})?$/;
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=[ \n\r\t,\]}]|$)/y;
const beginningOfScalar = /^(?:-?\d*(?:\.\d*)?(?:[eE][+-]?\d*)?|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/;

/** Where a sticky pattern that may match nothing ends. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function stringToken(text: string, start: number): Token {
  for (let at = endOf(plainRun, text, start + 1); ; at = endOf(plainRun, text, at)) {
    if (at >= text.length) return { kind: 'cut-off', start, end: at, closableAt: at };
    if (text.charAt(at) === '"') return { kind: 'string', start, end: at + 1 };
    const end = endOf(escape, text, at);
    if (end === at) {
      const isCutOff = beginningOfEscape.test(text.slice(at, at + 6));
      return isCutOff ? { kind: 'cut-off', start, end: text.length, closableAt: at } : { kind: 'broken', start, end: at };
    }
    at = end;
  }
}

function nextToken(text: string, from: number): Token {
  const start = endOf(space, text, from);
  const char = text.charAt(start);
  if (char === '') return { kind: 'cut-off', start, end: start };
  if (char === '"') return stringToken(text, start);
  if (char === '{' || char === '}' || char === '[' || char === ']' || char === ',' || char === ':')
    return { kind: char, start, end: start + 1 };
  const end = endOf(scalar, text, start);
  // a number that ends with the text may have gone on
  const isCutOff = end === text.length || (end === start && text.length - start < 40 && beginningOfScalar.test(text.slice(start)));
  return { kind: isCutOff ? 'cut-off' : end === start ? 'broken' : 'scalar', start, end: isCutOff ? text.length : end };
}

const closersOf = (frames: readonly Frame[]): string =>
  frames
    .map((frame) => frame.closer)
    .reverse()
    .join('');
const wantsValue = (state: State): boolean => state === 'value' || state === 'value-or-end';
const wantsKey = (state: State): boolean => state === 'key' || state === 'key-or-end';
const mayClose = (state: State): boolean => state === 'key-or-end' || state === 'value-or-end' || state === 'comma-or-end';

function endValue(reading: Reading, end: number): true {
  const frame = reading.frames.at(-1);
  if (frame) frame.state = 'comma-or-end';
  reading.repair = { keep: end, suffix: closersOf(reading.frames) };
  return true;
}

function open(reading: Reading, token: Token): boolean {
  if (reading.frames.length >= deepest) return false;
  const isObject = token.kind === '{';
  reading.frames.push({ closer: isObject ? '}' : ']', start: token.start, state: isObject ? 'key-or-end' : 'value-or-end' });
  reading.repair = { keep: token.end, suffix: closersOf(reading.frames) };
  return true;
}

function readKey(reading: Reading, frame: Frame, token: Token): true {
  if (reading.frames.length === 1) reading.topKeys.push(reading.text.slice(token.start + 1, token.end - 1));
  frame.state = 'colon';
  return true;
}

function accept(reading: Reading, frame: Frame, token: Token): boolean {
  switch (token.kind) {
    case ':':
      if (frame.state !== 'colon') return false;
      frame.state = 'value';
      return true;
    case ',':
      if (frame.state !== 'comma-or-end') return false;
      frame.state = frame.closer === '}' ? 'key' : 'value';
      return true;
    case '}':
    case ']':
      if (token.kind !== frame.closer || !mayClose(frame.state)) return false;
      reading.frames.pop();
      return endValue(reading, token.end);
    case '{':
    case '[':
      return wantsValue(frame.state) && open(reading, token);
    case 'string':
      return wantsKey(frame.state) ? readKey(reading, frame, token) : wantsValue(frame.state) && endValue(reading, token.end);
    case 'scalar':
      return wantsValue(frame.state) && endValue(reading, token.end);
    case 'cut-off':
    case 'broken':
      return false;
  }
}

/**
 * Reads one JSON object strictly from the `{` at `start`, looking at each character once. Nesting deeper than 100 counts as broken,
 * and so does a spent budget.
 */
export function scanObject(text: string, start: number, budget: ScanBudget): ObjectScan {
  const reading: Reading = {
    text,
    frames: [{ closer: '}', start, state: 'key-or-end' }],
    topKeys: [],
    repair: { keep: start + 1, suffix: '}' },
  };
  const result = (kind: ObjectScan['kind'], end: number): ObjectScan => {
    const unclosed = reading.frames.filter((frame) => frame.closer === '}').map((frame) => frame.start);
    return { kind, end, topKeys: reading.topKeys, unclosed, repair: reading.repair };
  };
  for (let at = start + 1; budget.left > 0;) {
    const frame = reading.frames.at(-1);
    if (!frame) return result('complete', at);
    const token = nextToken(text, at);
    budget.left -= token.end - at + 1;
    if (token.kind === 'cut-off') {
      if (token.closableAt !== undefined && wantsValue(frame.state))
        reading.repair = { keep: token.closableAt, suffix: `"${closersOf(reading.frames)}` };
      return result('cut-off', token.end);
    }
    if (!accept(reading, frame, token)) return result('broken', token.end);
    at = token.end;
  }
  return result('broken', start + 1);
}
