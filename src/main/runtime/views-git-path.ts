const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** A path as git writes it in a diff: quoted with escapes where it holds anything unusual, with a tab behind where it holds a space. */
export function gitPath(written: string): string {
  const text = written.replace(/\t$/, '');
  if (!text.startsWith('"') || !text.endsWith('"')) return text;
  const bytes: number[] = [];
  const inner = text.slice(1, -1);
  for (let at = 0; at < inner.length; at += 1) {
    if (inner[at] !== '\\') {
      const character = String.fromCodePoint(inner.codePointAt(at) ?? 0);
      bytes.push(...Buffer.from(character));
      at += character.length - 1;
      continue;
    }
    const octal = /^[0-7]{3}/.exec(inner.slice(at + 1))?.[0];
    bytes.push(octal === undefined ? (escapes[inner[at + 1] ?? ''] ?? 0) : Number.parseInt(octal, 8));
    at += octal === undefined ? 1 : 3;
  }
  return Buffer.from(bytes).toString('utf8');
}
