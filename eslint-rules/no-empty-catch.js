const EMPTY_HANDLER =
  'CallExpression[callee.property.name="catch"] > :matches(ArrowFunctionExpression, FunctionExpression) > BlockStatement[body.length=0]';

/** An empty catch loses a failure; a comment inside does not bring it back. */
export const noEmptyCatch = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { lost: 'This catch loses the failure: let through what is not expected, and do something about what is.' },
  },
  create: (context) => ({
    'CatchClause > BlockStatement[body.length=0]': (node) => context.report({ node, messageId: 'lost' }),
    [EMPTY_HANDLER]: (node) => context.report({ node, messageId: 'lost' }),
  }),
};
