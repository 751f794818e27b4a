const BANNED = new Set(['mock', 'doMock', 'unmock', 'doUnmock', 'importMock', 'hoisted']);

/** A mocked module tests the mock. Pass a double that passes the port's contract suite instead. */
export const noModuleMock = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { double: 'No vi.{{ name }}: pass a double of tests/fakes that passes the contract suite of its port.' },
  },
  create: (context) => ({
    'MemberExpression[object.name=/^(vi|vitest)$/]'(node) {
      const { name } = node.property;
      if (BANNED.has(name)) context.report({ node, messageId: 'double', data: { name } });
    },
  }),
};
