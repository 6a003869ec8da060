/** A capture as its flows: of each direction how many packets, and a hash of all their octets in order. */
import { openCaptureFile } from '../../../src/capture/capture-file.ts';
import type { Frame } from '../../../src/capture/frame.ts';
import { directionKey, headersOf, u16 } from '../../corpus/headers.ts';

export interface Digest {
  packets: number;
  /** FNV-1a over lengths and octets, so that neither a change nor another order goes unseen. */
  hash: number;
}

export type Digests = Map<string, Digest>;

const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export async function flowDigests(path: string): Promise<Digests> {
  const flows: Digests = new Map();
  await openCaptureFile(path).run({ frame: (frame) => add(flows, frame) });
  return flows;
}

function add(flows: Digests, { buffer, start, end, linkType, originalLength }: Frame): void {
  const octets = buffer.subarray(start, end);
  const h = headersOf({ octets, originalLength, linkType, time: 0 });
  const key =
    h === undefined ? `type ${u16(octets, 12)}` : `${h.transport} ${directionKey(octets, h)}`;
  let flow = flows.get(key);
  if (flow === undefined) {
    flow = { packets: 0, hash: FNV_BASIS };
    flows.set(key, flow);
  }
  flow.packets++;
  let { hash } = flow;
  hash = Math.imul(hash ^ octets.length, FNV_PRIME);
  for (const octet of octets) hash = Math.imul(hash ^ octet, FNV_PRIME);
  flow.hash = hash;
}

export function packetsOf(flows: Digests): number {
  let packets = 0;
  for (const flow of flows.values()) packets += flow.packets;
  return packets;
}

/** What differs, as `flow: sent → came`, at most ten lines. */
export function differences(sent: Digests, came: Digests): string[] {
  const found: string[] = [];
  const shown = (flow: Digest | undefined) =>
    flow === undefined ? 'nothing' : `${flow.packets} (${(flow.hash >>> 0).toString(16)})`;
  for (const key of new Set([...sent.keys(), ...came.keys()])) {
    const [before, after] = [sent.get(key), came.get(key)];
    if (before?.packets === after?.packets && before?.hash === after?.hash) continue;
    found.push(`${key}: ${shown(before)} → ${shown(after)}`);
    if (found.length === 10) break;
  }
  return found;
}
