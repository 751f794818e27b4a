import path from 'node:path';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|spec|config|contract|d))*\.(ts|tsx|js|mjs|cjs)$/;
const SAYS_NOTHING = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'types', 'misc', 'manager', 'index']);

/** A file is named after its main export, in kebab-case, so that it can be found by what it does. */
export const fileName = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      kebab: '{{ name }} is not kebab-case: name the file after its main export, e.g. commit-loop.ts.',
      nothing: '{{ name }} says nothing about what is in it: name the file after its main export.',
    },
  },
  create: (context) => ({
    Program(node) {
      const name = path.basename(context.filename);
      if (name.startsWith('.')) return;
      if (!KEBAB.test(name)) context.report({ node, messageId: 'kebab', data: { name } });
      if (SAYS_NOTHING.has(name.split('.')[0] ?? '')) context.report({ node, messageId: 'nothing', data: { name } });
    },
  }),
};
