/** Writes docs/services.md and the JSON Schema: npm run docs:services, from the repository's top. */
import { writeFileSync } from 'node:fs';
import { formatDiagnostic } from '../source/diagnostic.ts';
import { SERVICES_SCHEMA_PATH, servicesJsonSchema } from './json-schema.ts';
import { loadServices } from './load-services.ts';
import { SERVICES_REFERENCE_PATH, servicesReference } from './reference.ts';

const { catalogue, diagnostics } = loadServices(['rules/services']);
if (catalogue === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
writeFileSync(SERVICES_REFERENCE_PATH, servicesReference(catalogue));
writeFileSync(SERVICES_SCHEMA_PATH, servicesJsonSchema());
