function source(glob: string): string {
  let pattern = '';
  for (let at = 0; at < glob.length; at += 1) {
    const rest = glob.slice(at);
    const char = rest[0] ?? '';
    if (rest.startsWith('**/')) {
      pattern += '(?:.*/)?';
      at += 2;
    } else if (rest.startsWith('**')) {
      pattern += '.*';
      at += 1;
    } else if (char === '*') pattern += '[^/]*';
    else if (char === '?') pattern += '[^/]';
    else if (char === '{') pattern += '(?:';
    else if (char === '}') pattern += ')';
    else if (char === ',') pattern += '|';
    else pattern += char.replace(/[\\^$.*+?()[\]|]/g, String.raw`\$&`);
  }
  return pattern;
}

/** Whether a path matches any of the globs: `*`, `?`, `**` and `{a,b}`; a glob without a slash counts in every folder, one that ends with `/` for all below. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => {
    const deep = glob.endsWith('/') ? `${glob}**` : glob;
    return new RegExp(`^${source(deep.includes('/') ? deep.replace(/^\//, '') : `**/${deep}`)}$`);
  });
  return (path) => patterns.some((pattern) => pattern.test(path));
}
