/** The shape of conditions: one key a field, and the operators on their values. */
import { z } from 'zod';
import { FIELD_NAMES, type FieldName, fieldOf, PATTERN_NAMES, RATE_KEYS } from './fields.ts';

export const scalar = z.union([z.string(), z.number()], { error: 'expected a text' });
const scalars = z.array(scalar).min(1);
export const word = z.string().min(1);
export const names = z.union([word, z.array(word).min(1)], {
  error: 'expected a name or a list of names',
});

const quantity = z
  .union([z.number(), z.string()], { error: 'expected a number such as 10 or 10MB' })
  .meta({ description: 'A number; sizes with unit: 10MB is 10^6 octets, 10MiB is 2^20.' });
export const duration = z.string().meta({ description: 'A duration: 30s, 10m, 2h, 1d, 1w.' });

/** Operators on strings; several in one condition must all hold. */
const stringOperators = z
  .strictObject({
    is: z.union([scalar, scalars], { error: 'expected a text or a list of texts' }),
    not: z.union([scalar, scalars], { error: 'expected a text or a list of texts' }),
    glob: scalar,
    contains: scalar,
    starts: scalar,
    ends: scalar,
    regex: z.string(),
    in: z.union([word, scalars], { error: 'expected the name of a list, or the values' }),
    'not-in': z.union([word, scalars], { error: 'expected the name of a list, or the values' }),
    words: z.union([word, scalars], {
      error: 'expected the name of a list, or words such as [falcon, harass*]',
    }),
    'at-least': z.int().min(1).max(1000),
    pattern: z.enum(PATTERN_NAMES),
    case: z.boolean(),
  })
  .partial()
  .meta({ id: 'strings', description: 'Operators on a text; all that are given must hold.' });
const string = z.union([scalar, scalars, stringOperators], {
  error: 'expected a text, a list of texts, or operators such as { in: list } or { contains: … }',
});

const numberOperators = z
  .strictObject({ over: quantity, under: quantity, between: z.tuple([quantity, quantity]) })
  .partial()
  .meta({ id: 'numbers', description: 'Comparisons; all that are given must hold.' });
const number = z.union([quantity, numberOperators], {
  error: 'expected a number such as 10MB, or { over: … }, { under: … }, { between: [a, b] }',
});

const address = z.union(
  [word, z.array(word).min(1), z.strictObject({ in: names, 'not-in': names }).partial()],
  { error: 'expected an address or network such as 10.0.0.0/8, or { in: list }' },
);

const within = z.union([word, z.array(word).min(1), z.strictObject({ not: names })], {
  error: 'expected the name of a schedule, or { not: schedule }',
});

const members = z.union(
  [
    quantity,
    z
      .strictObject({
        ...numberOperators.shape,
        in: stringOperators.shape.in,
        'not-in': stringOperators.shape['not-in'],
      })
      .partial(),
  ],
  {
    error: 'expected a number, { over: … }, or { in: list }',
  },
);

const user = z.union(
  [
    scalar,
    scalars,
    z
      .strictObject({ ...stringOperators.shape, name: string, group: string, department: string })
      .partial(),
  ],
  { error: 'expected a name, or { group: … }, { department: … }' },
);

function typeOf(name: FieldName): z.ZodType {
  const field = fieldOf(name);
  switch (field.type) {
    case 'text':
    case 'name':
    case 'identity':
    case 'extension':
      return name === 'user' ? user : string;
    case 'choice': {
      const one = z.enum([...(field.values ?? [])]);
      const some = z.union([one, z.array(one).min(1)]);
      return z.union([one, z.array(one).min(1), z.strictObject({ not: some })], {
        error: `expected one of: ${field.values?.join(', ')}`,
      });
    }
    case 'number':
      return number;
    case 'address':
      return address;
    case 'schedule':
      return within;
    case 'flag':
      return z.boolean();
    case 'presence':
      return z.union([z.boolean(), scalar, scalars], { error: 'expected true, false or a name' });
    case 'members':
      return members;
  }
}

const rate = z
  .strictObject({ 'more-than': z.int().min(0).max(1000), in: duration, by: z.enum(RATE_KEYS) })
  .meta({ description: 'More than N events that this rule matches otherwise, within the period.' });

const fields = Object.fromEntries(
  FIELD_NAMES.map((name) => [
    name,
    typeOf(name)
      .meta({ description: fieldOf(name).doc })
      .optional(),
  ]),
);
export const condition: z.ZodType<Readonly<Record<string, unknown>>> = z
  .strictObject({
    ...fields,
    rate: rate.optional(),
    get all() {
      return z.array(condition).min(1).optional();
    },
    get any() {
      return z.array(condition).min(1).optional();
    },
    get not() {
      return condition.optional();
    },
  })
  .meta({ id: 'condition', description: 'Conditions; all of them must hold.' });
