import { z } from 'zod';

/** Says what a value must be; the words follow the field's name in the sentence that a person reads. */
const must = (rule: string): { error: string } => ({ error: `must be ${rule}` });

const wordsOf = (values: readonly string[]): string =>
  values.length === 1 ? `${values[0] ?? ''}` : `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;

/** One of the given words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) => z.enum(values, must(wordsOf(values)));

/** A whole number in a range; both ends belong to it. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  const rule = must(most === Number.MAX_SAFE_INTEGER ? `a whole number, ${least} or more` : `a whole number from ${least} to ${most}`);
  return z.number(rule).refine((value) => Number.isSafeInteger(value) && value >= least && value <= most, rule);
}

const truthWords: Readonly<Record<string, boolean>> = { yes: true, on: true, true: true, no: false, off: false, false: false };

/** true or false; also the words yes, no, on and off, which older YAML reads as such. */
export const truth = () =>
  z.preprocess(
    (value) => (typeof value === 'string' ? (truthWords[value.toLowerCase()] ?? value) : value),
    z.boolean(must('true or false')),
  );

/** A text with something in it; a number counts as its digits. */
export const text = (rule = 'a text that is not empty') =>
  z.preprocess(
    (value) => (typeof value === 'number' ? String(value) : value),
    z.string(must(rule)).refine((value) => value.trim() !== '', must(rule)),
  );

/** A text of the given form. */
export const textLike = (pattern: RegExp, rule: string) => z.string(must(rule)).regex(pattern, must(rule));

/** A list; `of` says what of. */
export const listOf = <T extends z.ZodType>(item: T, of: string) => z.array(item, must(`a list of ${of}`));

/** A program with its arguments, as a list of words that no shell reads. */
export const argv = () =>
  z
    .array(text('a word that is not empty'), must('a list of words such as [npm, test]'))
    .min(1, must('a list of at least one word such as [npm, test]'));

/** A mapping with these keys; others are told apart by `unrecognized_keys`. */
export const mapping = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape, must('a mapping of names to values'));

/** A mapping whose names the person chooses. */
export const named = <T extends z.ZodType>(value: T) => z.record(z.string(), value, must('a mapping of names to values'));

/** A key that must not be there; `why` follows its name. */
export const gone = (why: string) => z.never({ error: why }).optional();

/** A path below some folder: relative, without `..`. */
export const pathBelow = () => {
  const rule = 'a relative path without ".."';
  return z
    .string(must(rule))
    .refine((path) => path !== '' && !/^([/\\~]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..'), must(rule));
};

/** An IANA time zone that this machine knows. */
export const timeZone = () => {
  const rule = 'a time zone name such as UTC or Europe/Berlin';
  return z.string(must(rule)).refine(isTimeZone, must(rule));
};

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
