/** An enum is code that type stripping cannot remove, and its members are not plain values on a wire. */
export const noEnum = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { union: 'Use a union of string literals instead of an enum: it is plain on every wire.' },
  },
  create: (context) => ({ TSEnumDeclaration: (node) => context.report({ node, messageId: 'union' }) }),
};
