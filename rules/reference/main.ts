/** Writes the reference and the JSON Schema: npm run docs:rules, from the repository's top. */
import { writeFileSync } from 'node:fs';
import { rulesJsonSchema, SCHEMA_PATH } from './json-schema.ts';
import { REFERENCE_PATH, rulesReference } from './reference.ts';

writeFileSync(REFERENCE_PATH, rulesReference());
writeFileSync(SCHEMA_PATH, rulesJsonSchema());
