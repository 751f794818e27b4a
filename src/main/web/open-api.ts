import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { appContract } from '../../shared/contract/app-contract.js';

/** The OpenAPI document of everything under `/api`. */
export async function openApiDocument(version: string): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  return generator.generate(appContract, {
    info: {
      title: 'Muster',
      version,
      description: 'Every method of the board. A session cookie is needed; `POST /session` exchanges the code of a link for one.',
    },
    servers: [{ url: '/api' }],
    components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'muster-<port>' } } },
    security: [{ session: [] }],
  });
}
