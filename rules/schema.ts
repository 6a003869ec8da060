/** The shape of a rule file. Names (lists, kinds, schedules, …) are resolved by the reader. */
import { z } from 'zod';
import { ACTIONS } from '../src/event/event.ts';
import { condition, duration, names, scalar, word } from './condition-schema.ts';

const also = z
  .strictObject({
    log: z.boolean(),
    alert: z.enum(['low', 'medium', 'high']),
    tag: names,
    archive: z.enum(['full', 'metadata', 'none']),
    quarantine: z.boolean(),
    count: names,
    learn: duration.meta({
      description:
        'How long later connections to the same server address are known as this service at their first packet: 1h.',
    }),
  })
  .partial();
const alsoItem = z.union([z.enum(['log', 'quarantine']), also], {
  error: 'expected log, quarantine, or alert:, tag:, archive:, count:, learn:',
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
        learn: word.meta({ description: 'A duration, or none.' }),
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
