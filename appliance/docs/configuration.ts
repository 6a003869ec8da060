/** `npm run docs:config`: writes the reference of the configuration and its JSON Schema. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../cli/package-root.ts';
import {
  CONFIGURATION_PATH,
  CONFIGURATION_SCHEMA_PATH,
  configurationJsonSchema,
  configurationReference,
} from './configuration-reference.ts';

writeFileSync(join(packageRoot(), CONFIGURATION_PATH), configurationReference());
writeFileSync(join(packageRoot(), CONFIGURATION_SCHEMA_PATH), configurationJsonSchema());
