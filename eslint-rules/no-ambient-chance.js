/** Chance comes in through an IdSource, so that a test can count and a replay gets the same ids. */
export const noAmbientChance = {
  meta: { type: 'problem', schema: [], messages: { ids: 'Take chance from an IdSource: Math.random cannot be fixed by a test.' } },
  create: (context) => ({
    'MemberExpression[object.name="Math"][property.name="random"]': (node) => context.report({ node, messageId: 'ids' }),
  }),
};
