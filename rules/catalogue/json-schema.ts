/** The JSON Schema of a service file, for editors. */
import { z } from 'zod';
import { serviceFile } from './schema.ts';

/** Relative to the repository. */
export const SERVICES_SCHEMA_PATH = 'docs/schema/services.v1.schema.json';

export function servicesJsonSchema(): string {
  const schema = z.toJSONSchema(serviceFile, { io: 'input', target: 'draft-2020-12' });
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
