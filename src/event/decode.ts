/**
 * Events read back: whole ones from JSONL, and partial ones as people write them in rule tests,
 * where only `kind` is needed. What is missing gets the most ordinary value; what is unknown or
 * of the wrong type is a problem with its place, never ignored.
 */
import { z } from 'zod';
import { ImEvent } from './event.ts';
import { EVENT_KINDS } from './kinds.ts';
import { eventSchema, flowSchema } from './schema.ts';
import { parseRfc3339 } from './time.ts';

export interface EventProblem {
  /** `file.size`, `to[1]`; empty for the event itself. */
  readonly path: string;
  readonly message: string;
}

export type DecodedEvent =
  | { readonly event: ImEvent; readonly problems: undefined }
  | { readonly event: undefined; readonly problems: readonly EventProblem[] };

/** As people write it: `to` may be one name, `flow` any part of it, `ts` any RFC 3339 time. */
const text = z.string().min(1);
export const partialEventSchema = z.strictObject({
  ...eventSchema.partial().shape,
  kind: z.enum(EVENT_KINDS),
  ts: text.optional(),
  to: z.union([text.transform((one) => [one]), z.array(text).min(1)]).optional(),
  flow: flowSchema.partial().optional(),
});

/** One event in JSON form (parsed, not text). Never throws. */
export function decodeEvent(json: unknown): DecodedEvent {
  const parsed = partialEventSchema.safeParse(json);
  if (!parsed.success) return { event: undefined, problems: parsed.error.issues.flatMap(problem) };
  const { v: _v, ts, kind, flow, ...rest } = parsed.data;
  const event = new ImEvent(kind);
  if (ts !== undefined) {
    const time = parseRfc3339(ts);
    if (time === undefined) {
      const message = 'expected an RFC 3339 time such as 2026-11-23T09:30:00Z';
      return { event: undefined, problems: [{ path: 'ts', message }] };
    }
    event.time = time;
  }
  Object.assign(event, rest);
  if (flow !== undefined) {
    event.flow = {
      id: flow.id ?? 'unknown',
      transport: flow.transport ?? 'tcp',
      client: endpoint(flow.client),
      server: endpoint(flow.server),
      ...(flow.vlan === undefined ? {} : { vlan: flow.vlan }),
    };
  }
  return { event, problems: undefined };
}

/** `10.0.0.5` and `2001:db8::1` get port 0: an address alone is what rule tests say. */
function endpoint(given: string | undefined): string {
  if (given === undefined) return '0.0.0.0:0';
  if (/^[\d.]+$/.test(given)) return `${given}:0`;
  if (/^[\da-fA-F:.]*:[\da-fA-F:.]*:[\da-fA-F:.]*$/.test(given)) return `[${given}]:0`;
  return given;
}

function problem(issue: z.core.$ZodIssue): EventProblem[] {
  const path = place(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const prefix = path === '' ? '' : `${path}.`;
    return issue.keys.map((key) => ({
      path: `${prefix}${key}`,
      message: 'there is no such field',
    }));
  }
  if (issue.code === 'too_small' && issue.origin === 'string') {
    return [{ path, message: 'is empty: leave a field that is not known out' }];
  }
  if (issue.code === 'invalid_type') {
    const given = received(issue.message);
    const message = given === 'undefined' ? `is missing: ${issue.expected}` : undefined;
    return [{ path, message: message ?? `expected ${issue.expected}, found ${given}` }];
  }
  return [{ path, message: issue.message }];
}

/** zod names the type of what it found only in its message. */
function received(message: string): string {
  return /received (\w+)$/.exec(message)?.[1] ?? 'something else';
}

function place(path: readonly PropertyKey[]): string {
  let written = '';
  for (const step of path) {
    if (typeof step === 'number') written += `[${step}]`;
    else written += written === '' ? String(step) : `.${String(step)}`;
  }
  return written;
}
