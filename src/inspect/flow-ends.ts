/** What the flow table knows of a flow, said the right way round: `flipped` exchanges client and server. */
import type { FlowReference, FlowTotals } from '../event/event.ts';
import type { FlowTable } from '../flow/table.ts';
import { UDP } from '../flow/transport.ts';

export type PacketTotals = Omit<FlowTotals, 'events' | 'gaps' | 'gapOctets' | 'anomalies'>;

export function transportName(table: FlowTable, slot: number): 'tcp' | 'udp' {
  return table.transport(slot) === UDP ? 'udp' : 'tcp';
}

export function flowReference(
  table: FlowTable,
  slot: number,
  flipped: boolean,
  id: string,
): FlowReference {
  const client = table.clientEndpoint(slot);
  const server = table.serverEndpoint(slot);
  const vlan = table.vlan(slot);
  return {
    id,
    transport: transportName(table, slot),
    client: flipped ? server : client,
    server: flipped ? client : server,
    ...(vlan >= 0 ? { vlan } : {}),
  };
}

export function packetTotals(table: FlowTable, slot: number, flipped: boolean): PacketTotals {
  const toServer = flipped ? 1 : 0;
  const toClient = flipped ? 0 : 1;
  return {
    packetsToServer: table.packets(slot, toServer),
    packetsToClient: table.packets(slot, toClient),
    octetsToServer: table.payloadOctets(slot, toServer),
    octetsToClient: table.payloadOctets(slot, toClient),
    duration: (table.lastTime(slot) - table.firstTime(slot)) / 1e6,
    midstream: table.midstream(slot),
  };
}

/** No payload passed in either direction. */
export function isEmpty(table: FlowTable, slot: number): boolean {
  return table.payloadOctets(slot, 0) === 0 && table.payloadOctets(slot, 1) === 0;
}
