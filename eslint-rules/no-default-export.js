/** A default export has a different name at every import; a named one can be found. */
export const noDefaultExport = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { named: 'Export it by name: a default export has another name in every file that imports it.' },
  },
  create: (context) => ({
    ExportDefaultDeclaration: (node) => context.report({ node, messageId: 'named' }),
    'ExportSpecifier[exported.name="default"]': (node) => context.report({ node, messageId: 'named' }),
    TSExportAssignment: (node) => context.report({ node, messageId: 'named' }),
  }),
};
