/**
 * A buddy icon sent inside the rendezvous message itself (capability 1346):
 *
 *   TLV 2711: u32 checksum · u32 octets · u32 time · the picture
 *
 * It is offered and there in one: both are said. Source: libpurple 2.10.9 family_icbm.c.
 */
import { i32be } from '../../../src/bytes/read.ts';
import type { ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import type { RendezvousHost } from '../rendezvous-host.ts';
import { RendezvousAnomaly } from './anomalies.ts';

const HEAD = 12;

export function sayIcon(
  host: RendezvousHost,
  buffer: Uint8Array,
  start: number,
  end: number,
  cookie: string,
  newEvent: (kind: EventKind) => ImEvent,
): void {
  const offer = newEvent('file.offer');
  const size = end - start < HEAD ? undefined : i32be(buffer, start + 4) >>> 0;
  const there = Math.max(0, end - start - HEAD);
  if (size === undefined || size !== there) host.anomaly(RendezvousAnomaly.Malformed);
  offer.file = { size, method: 'attachment', token: cookie, purpose: 'picture' };
  const { action, enforced } = host.say(offer);
  if (enforced && action !== 'pass' && action !== 'redact') return;
  if (size === undefined || size > there) return;
  const follower = host.context.follow();
  const from = start + HEAD;
  follower?.write(buffer.subarray(from, from + size));
  const sha256 = follower?.finish();
  const complete = newEvent('file.complete');
  complete.file = { size, sha256, method: 'attachment', token: cookie, purpose: 'picture' };
  host.say(complete);
}
