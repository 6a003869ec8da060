/** `npm run docs:metrics`: writes the reference of metrics. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../cli/package-root.ts';
import { metricsReference } from './metrics-reference.ts';

writeFileSync(join(packageRoot(), 'docs', 'metrics.md'), metricsReference());
