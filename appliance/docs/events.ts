/** `npm run docs:events`: writes the event reference and its JSON Schema. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../cli/package-root.ts';
import { eventJsonSchema, eventReference } from './event-reference.ts';

const docs = join(packageRoot(), 'docs');
mkdirSync(join(docs, 'schema'), { recursive: true });
writeFileSync(join(docs, 'schema', 'event.v1.schema.json'), eventJsonSchema());
writeFileSync(join(docs, 'events.md'), eventReference());
