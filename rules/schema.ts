/** The shape of a rule file. Names (lists, kinds, schedules, …) are resolved by the reader. */
import { z } from 'zod';
import { ACTIONS } from '../src/event/event.ts';
import { FIELD_NAMES, type FieldName, fieldOf, PATTERN_NAMES, RATE_KEYS } from './fields.ts';

const scalar = z.union([z.string(), z.number()], { error: 'expected a text' });
const scalars = z.array(scalar).min(1);
const word = z.string().min(1);
const names = z.union([word, z.array(word).min(1)], {
  error: 'expected a name or a list of names',
});

const quantity = z
  .union([z.number(), z.string()], { error: 'expected a number such as 10 or 10MB' })
  .meta({ description: 'A number; sizes with unit: 10MB is 10^6 octets, 10MiB is 2^20.' });
const duration = z.string().meta({ description: 'A duration: 30s, 10m, 2h, 1d, 1w.' });

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
    words: word,
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
const condition: z.ZodType<Readonly<Record<string, unknown>>> = z
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

const also = z
  .strictObject({
    log: z.boolean(),
    alert: z.enum(['low', 'medium', 'high']),
    tag: names,
    archive: z.enum(['full', 'metadata', 'none']),
    quarantine: z.boolean(),
    count: names,
  })
  .partial();
const alsoItem = z.union([z.enum(['log', 'quarantine']), also], {
  error: 'expected log, quarantine, or alert:, tag:, archive:, count:',
});

const THEN = 'then'; // not written as a key: a linter takes such objects for promises
const mode = z.enum(['enforce', 'shadow']);
const rule = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
        error: 'an id is made of letters, digits, dots and dashes',
      })
      .max(100),
    description: z.string().optional(),
    on: names.meta({ description: 'Kinds of event: message, file.offer, call.*, …' }),
    if: condition.optional(),
    [THEN]: z.enum(ACTIONS).optional(),
    also: z
      .union([alsoItem, z.array(alsoItem).min(1)], {
        error: 'expected a list such as [ log, { alert: high }, { tag: pci } ]',
      })
      .optional(),
    tell: z
      .union(
        [
          z.string().min(1).max(1000),
          z.strictObject({ text: z.string().min(1).max(1000), every: duration.optional() }),
        ],
        {
          error: 'expected a text, or { text: …, every: 10m }',
        },
      )
      .optional(),
    mode: mode.optional(),
  })
  .meta({ id: 'rule' });

const entries = z.array(scalar, { error: 'expected a list of entries' });
const list = z
  .strictObject({
    contacts: entries,
    extensions: entries,
    words: entries,
    values: entries,
    cidrs: entries,
    file: word,
  })
  .partial()
  .meta({ id: 'list', description: 'Exactly one kind of entries, a file of them, or both.' });

export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const schedule = z
  .strictObject({
    timezone: word,
    days: z.array(z.enum(DAYS)).min(1).optional(),
    from: z.string().optional(),
    until: z.string().optional(),
    except: z.array(z.string()).optional(),
  })
  .meta({ id: 'schedule' });

const defaults = z
  .strictObject({
    message: z.enum(['pass', 'drop', 'hold', 'reset']),
    'unknown-contact': z.enum(['pass', 'drop', 'hold']),
    'app-unknown': z.enum(['pass', 'log', 'drop', 'reset']),
    opaque: z.enum(['pass', 'log', 'drop', 'reset']),
    undecodable: z.enum(['pass', 'reset']),
    overload: z.enum(['pass', 'drop']),
  })
  .partial()
  .meta({ id: 'defaults', description: 'What happens where no rule speaks.' });

const event = z.record(z.string(), z.unknown(), { error: 'expected an event' });
const test = z
  .strictObject({
    name: word,
    given: z.array(event).optional().meta({ description: 'Events that came before.' }),
    event,
    expect: z
      .strictObject({
        action: z.enum(ACTIONS),
        rule: word.meta({ description: "The rule's id, or none." }),
        tags: z.array(word),
        alert: z.enum(['low', 'medium', 'high', 'none']),
        tell: z.union([z.string(), z.boolean()], { error: 'expected a text, true or false' }),
        shadow: word,
        archive: z.enum(['full', 'metadata', 'none']),
        quarantine: z.boolean(),
        log: z.boolean(),
      })
      .partial(),
  })
  .meta({ id: 'test' });

export const ruleFile = z
  .strictObject({
    sallyport: z.literal(1, { error: 'the language version is 1: sallyport: 1' }),
    mode: mode.optional(),
    directory: word.optional(),
    ours: z.array(word).optional(),
    lists: z.record(z.string(), list, { error: 'expected named lists' }).optional(),
    schedules: z.record(z.string(), schedule, { error: 'expected named schedules' }).optional(),
    defaults: defaults.optional(),
    rules: z.array(rule, { error: 'expected a list of rules' }).optional(),
    tests: z.array(test, { error: 'expected a list of tests' }).optional(),
  })
  .meta({ title: 'Sallyport rules', description: 'Rule language, version 1.' });

export type RuleFile = z.infer<typeof ruleFile>;
export type RuleEntry = NonNullable<RuleFile['rules']>[number];
export type ConditionEntry = Readonly<Record<string, unknown>>;
