import type { Document } from 'yaml';
import { Composer, CST, isScalar, Parser, parseDocument } from 'yaml';

/** What may be put in place of a single setting. */
export type SettingValue = string | number | boolean | readonly string[];

/** `source` with one value changed or added; comments, order and, where the value is a word already, every other byte stay. */
export function withSetting(source: string, keys: readonly (string | number)[], value: SettingValue): string {
  return editedInPlace(source, keys, value) ?? editedAsDocument(source, keys, value);
}

function editedInPlace(source: string, keys: readonly (string | number)[], value: SettingValue): string | null {
  if (typeof value === 'object') return null;
  const tokens = [...new Parser().parse(source)];
  const [document] = [...new Composer({ keepSourceTokens: true }).compose(tokens)];
  const node = document?.getIn(keys, true);
  if (!isScalar(node) || !node.srcToken || !CST.isScalar(node.srcToken)) return null;
  CST.setScalarValue(node.srcToken, String(value), { type: typeof value === 'string' && needsQuotes(value) ? 'QUOTE_DOUBLE' : 'PLAIN' });
  const edited = tokens.map((token) => CST.stringify(token)).join('');
  const check = parseDocument(edited);
  return check.errors.length === 0 && check.getIn(keys) === value ? edited : null;
}

function needsQuotes(value: string): boolean {
  const { contents, errors } = parseDocument(value);
  return errors.length > 0 || !isScalar(contents) || contents.value !== value;
}

function editedAsDocument(source: string, keys: readonly (string | number)[], value: SettingValue): string {
  const document: Document = parseDocument(source);
  if (document.contents === null) document.contents = document.createNode({});
  clearEmptyParents(document, keys);
  document.setIn(keys, typeof value === 'object' ? document.createNode([...value], { flow: true }) : value);
  const edited = document.toString({ lineWidth: 0, flowCollectionPadding: true });
  return source.includes('\r\n') ? edited.replace(/\r?\n/g, '\r\n') : edited;
}

// `role_defaults:` with nothing below it is null, and null takes no keys.
function clearEmptyParents(document: Document, keys: readonly (string | number)[]): void {
  for (let depth = 1; depth < keys.length; depth += 1) {
    const above = keys.slice(0, depth);
    if (document.hasIn(above) && document.getIn(above) === null) document.deleteIn(above);
  }
}
