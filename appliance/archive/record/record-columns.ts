/**
 * What stands in columns beside an envelope, so that it is searched without being read. verify makes them anew
 * from the envelope and compares. Parties by address here; in the table by number.
 */

import { parseRfc3339 } from '../../../src/event/time.ts';
import type { Envelope } from '../contract.ts';
import { type EventFacts, eventFacts } from './event-facts.ts';

export interface RecordColumns {
  readonly time: number;
  readonly kind: string;
  readonly event: string | null;
  readonly service: string | null;
  readonly conversation: number | null;
  /** Addresses in the table `party`, under `partyService`. */
  readonly account: string | null;
  readonly sender: string | null;
  readonly partyService: string;
  readonly action: string | null;
  readonly rule: string | null;
  readonly repeat: 0 | 1;
  readonly tags: readonly string[];
}

export function recordColumns(envelope: Envelope): RecordColumns {
  return columnsOf(envelope, envelope.event && eventFacts(envelope.event));
}

function columnsOf(envelope: Envelope, facts: EventFacts | undefined): RecordColumns {
  const { kind, at, conversation, repeat } = envelope;
  return {
    time: facts?.time ?? parseRfc3339(at) ?? 0,
    kind,
    event: facts?.kind ?? null,
    service: facts?.service || null,
    conversation: conversation ?? null,
    account: facts?.account ?? null,
    sender: facts?.sender ?? null,
    partyService: facts?.service ?? '',
    action: facts?.action ?? null,
    rule: facts?.rule ?? null,
    repeat: repeat === true ? 1 : 0,
    tags: facts?.tags ?? [],
  };
}
