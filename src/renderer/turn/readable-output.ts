// CSI, OSC (ended by BEL or ST), DCS/SOS/PM/APC strings, and two-character escapes, as ECMA-48 has them.
const escapes = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[PX^_][^\u001B]*(?:\u001B\\)?|[ -/]*[0-~])/g;
const c1 = /[\u0080-\u009F]/g;
const reordering = /[\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;
const otherControls = /[\u0000-\u0008\u000B-\u001F\u007F]/g;

const codePoint = (character: string): string => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** Text with what reorders or hides letters shown by its code point, so that what is read is what is there. */
export const withoutDisguise = (text: string): string => text.replaceAll(reordering, codePoint);

/** What a terminal would leave of a line that was written over: what follows the last carriage return that has text after it. */
function overwritten(line: string): string {
  const parts = line.replace(/\r+$/, '').split('\r');
  return parts.at(-1) ?? '';
}

/**
 * Output of a program as harmless text: escape sequences are gone, a line that was written over keeps its last state, what is left of
 * control characters is shown by a picture or a code point. Tabs become spaces up to the next eighth column.
 */
export function readableOutput(text: string): string {
  return text
    .replaceAll(escapes, '')
    .split('\n')
    .map((line) => expandTabs(withoutDisguise(overwritten(line).replaceAll(otherControls, picture).replaceAll(c1, ''))))
    .join('\n');
}

const picture = (character: string): string =>
  character === '\u007F' ? '␡' : String.fromCodePoint(0x2400 + (character.codePointAt(0) ?? 0));

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let out = '';
  for (const character of line) out += character === '\t' ? ' '.repeat(8 - (out.length % 8)) : character;
  return out;
}
