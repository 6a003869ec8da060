import { describe, expect, test } from 'vitest';
import { ImEvent } from './event.ts';
import { type EventJson, eventSchema } from './schema.ts';

// The class and the schema describe the same thing: a field, a member or a value that only one of
// them has fails the type check of this file.
type Loose<T> = T extends readonly (infer Item)[]
  ? Loose<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]-?: Loose<Exclude<T[K], undefined>> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type FieldsOfEvent = Loose<Omit<ImEvent, 'time'>>;
type FieldsOfSchema = Loose<Omit<EventJson, 'v' | 'ts'>>;

describe('schema and type', () => {
  test('agree on every field and value', () => {
    const agreed: Same<FieldsOfEvent, FieldsOfSchema> = true;
    const counterExample: Same<Omit<FieldsOfEvent, 'room'>, FieldsOfSchema> = false;
    expect([agreed, counterExample]).toEqual([true, false]);
  });

  test('name the same fields in the same order', () => {
    const [time, id, ...others] = Object.keys(new ImEvent('message'));
    expect([time, id]).toEqual(['time', 'id']);
    expect(Object.keys(eventSchema.shape)).toEqual([
      'v',
      'id',
      'ts',
      'kind',
      ...others.filter((name) => name !== 'kind'),
    ]);
  });
});

describe('the schema refuses', () => {
  const good = {
    v: 1,
    id: '019ab0c4-7d1e-7a00-8000-5a11e6b0a7ed',
    ts: '2026-11-23T05:00:00.123456Z',
    kind: 'message',
    visibility: 'content',
  };
  test('nothing that is right', () => expect(eventSchema.safeParse(good).success).toBe(true));
  test.each([
    ['another version', { v: 2 }],
    ['an unknown field', { txt: 'x' }],
    ['an unknown kind', { kind: 'massage' }],
    ['an empty text', { text: '' }],
    ['null', { text: null }],
    ['milliseconds', { ts: '2026-11-23T05:00:00.123Z' }],
    ['an unknown member', { file: { nam: 'x' } }],
    ['a fraction of an octet', { file: { size: 1.5 } }],
    ['no recipients', { to: [] }],
  ])('%s', (_what, change) => {
    expect(eventSchema.safeParse({ ...good, ...change }).success).toBe(false);
  });
});
