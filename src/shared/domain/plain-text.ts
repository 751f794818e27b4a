const terminalSequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-_]?/g;
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text of an agent or of a file without terminal sequences, control characters and marks that turn the direction of writing; line
 * breaks and tabs stay. What is left is data: it still has to be escaped for the place where it is shown.
 */
export const plainText = (text: string): string => text.replace(/\r\n?/g, '\n').replace(terminalSequences, '').replace(controls, '');

/** The same on one line, white space collapsed, cut with an ellipsis after `limit` characters. */
export function plainLine(text: string, limit = Number.POSITIVE_INFINITY): string {
  const line = plainText(text).replace(/\s+/g, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 1).trimEnd()}…` : line;
}
