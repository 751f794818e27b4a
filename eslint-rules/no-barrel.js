const isImport = (statement) => statement.type === 'ImportDeclaration';
const isReExport = (statement) =>
  statement.type === 'ExportAllDeclaration' || (statement.type === 'ExportNamedDeclaration' && statement.declaration === null);

/** A file that only passes on what other files export hides who depends on whom. */
export const noBarrel = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { barrel: 'Import from the file that declares it: this file only passes other files on.' },
  },
  create: (context) => ({
    Program(node) {
      const isBarrel = node.body.every((statement) => isImport(statement) || isReExport(statement)) && node.body.some(isReExport);
      if (isBarrel) context.report({ node, messageId: 'barrel' });
    },
  }),
};
