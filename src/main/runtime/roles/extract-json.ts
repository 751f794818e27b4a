import type { ObjectScan, ScanBudget } from './json-scan.js';
import { scanObject } from './json-scan.js';

/** What was found in an agent's answer. `steps` counts the characters that were looked at, for those who watch the cost. */
export type ExtractedJson =
  | { readonly kind: 'found'; readonly value: Readonly<Record<string, unknown>>; readonly wasRepaired: boolean; readonly steps: number }
  | { readonly kind: 'none' | 'too-large'; /** A sentence. */ readonly reason: string; readonly steps: number };

interface ExtractOptions {
  /** An object that has all of these is taken before one that has not. */
  readonly neededKeys: readonly string[];
  readonly maxBytes: number;
}

type Found = { readonly value: Record<string, unknown>; readonly wasRepaired: boolean };

const defaults: ExtractOptions = { neededKeys: ['status', 'summary'], maxBytes: 1024 * 1024 };
const stepsPerCharacter = 16;
const fence = /^[ \t]*(?:```|~~~)/;

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Insides of the fences, in order; one that was never closed runs to the end. */
function fencedSegments(text: string): string[] {
  const segments: string[] = [];
  let open: string[] | null = null;
  for (const line of text.split('\n')) {
    if (!fence.test(line)) open?.push(line);
    else if (open === null) open = [];
    else {
      segments.push(open.join('\n'));
      open = null;
    }
  }
  if (open !== null) segments.push(open.join('\n'));
  return segments;
}

/** All that a text offers: objects with the needed keys, one that was cut off, and others. */
interface Offers {
  complete: Found | null;
  repaired: Found | null;
  other: Found | null;
}

function offersOf(text: string, neededKeys: readonly string[], budget: ScanBudget): Offers {
  const offers: Offers = { complete: null, repaired: null, other: null };
  const hopeless = new Set<number>();
  const hasAll = (keys: readonly string[]): boolean => neededKeys.every((key) => keys.includes(key));
  let at = text.indexOf('{');
  while (at !== -1 && budget.left > 0 && offers.complete === null) {
    let next = at + 1;
    const isDoubled = text.charAt(next) === '{'; // never an object, and cheap to see
    if (!isDoubled && !hopeless.has(at)) {
      const scan = scanObject(text, at, budget);
      if (scan.kind === 'complete') next = keepComplete(text, at, scan, offers, hasAll(scan.topKeys));
      else {
        for (const start of scan.unclosed) hopeless.add(start);
        // a report that broke off is not to be replaced by one of the objects inside it
        if (hasAll(scan.topKeys)) {
          if (scan.kind === 'cut-off' && offers.repaired === null) offers.repaired = repairedFrom(text, at, scan, neededKeys);
          next = Math.max(next, scan.end);
        }
      }
    }
    budget.left -= 1;
    at = text.indexOf('{', next);
  }
  return offers;
}

function keepComplete(text: string, at: number, scan: ObjectScan, offers: Offers, hasAll: boolean): number {
  if (hasAll || offers.other === null) {
    const value = parseObject(text.slice(at, scan.end));
    if (value && hasAll) offers.complete = { value, wasRepaired: false };
    else if (value) offers.other ??= { value, wasRepaired: false };
  }
  return scan.end;
}

function repairedFrom(text: string, at: number, { repair }: ObjectScan, neededKeys: readonly string[]): Found | null {
  const value = parseObject(text.slice(at, repair.keep) + repair.suffix);
  return value && neededKeys.every((key) => Object.hasOwn(value, key)) ? { value, wasRepaired: true } : null;
}

function bestOf(text: string, neededKeys: readonly string[], budget: ScanBudget): Found | null {
  const segments = fencedSegments(text);
  const joined = segments.length > 1 ? [segments.join(''), segments.join('\n')] : [];
  // a fence that broke off is part of the whole text and is found there
  const places = [...segments, ...joined, text];
  let repaired: Found | null = null;
  let other: Found | null = null;
  for (const place of places) {
    const offers = offersOf(place, neededKeys, budget);
    if (offers.complete) return offers.complete;
    repaired ??= offers.repaired;
    other ??= offers.other;
  }
  return repaired ?? other;
}

/**
 * Finds the JSON object in an agent's answer: bare, fenced, between prose, spread over several fences, or cut off (then closed, if
 * that keeps the needed keys, and marked). Linear in the text, which may have 1 MiB; never throws.
 */
export function extractJson(text: string, options: Partial<ExtractOptions> = {}): ExtractedJson {
  const { neededKeys, maxBytes } = { ...defaults, ...options };
  const bytes = text.length > maxBytes ? text.length : Buffer.byteLength(text);
  if (bytes > maxBytes) {
    return {
      kind: 'too-large',
      steps: 0,
      reason: `The answer has ${text.length.toLocaleString('en')} characters; a report may have ${maxBytes.toLocaleString('en')} bytes. Answer with the report alone.`,
    };
  }
  const allowance = stepsPerCharacter * (text.length + 1);
  const budget = { left: allowance };
  const found = bestOf(text, neededKeys, budget);
  const steps = allowance - budget.left;
  return found ? { kind: 'found', ...found, steps } : { kind: 'none', steps, reason: 'The answer contains no JSON object.' };
}
