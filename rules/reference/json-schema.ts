/** The JSON Schema of a rule file, for editors. */
import { z } from 'zod';
import { EVENT_KINDS } from '../../src/event/kinds.ts';
import { KIND_GLOBS } from '../policy/kinds.ts';
import { ruleFile } from '../schema.ts';

/** Relative to the repository. */
export const SCHEMA_PATH = 'docs/schema/rules.v1.schema.json';

export function rulesJsonSchema(): string {
  const schema = z.toJSONSchema(ruleFile, { io: 'input', target: 'draft-2020-12' });
  const kinds = { enum: [...KIND_GLOBS, ...EVENT_KINDS] };
  const rule = schema.$defs?.rule;
  // The schema of the reader takes any word here, so that it can suggest; editors complete.
  if (rule?.properties !== undefined) {
    rule.properties.on = {
      description: 'Kinds of event.',
      anyOf: [kinds, { type: 'array', minItems: 1, items: kinds }],
    };
  }
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
