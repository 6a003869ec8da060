/** PACKET_FANOUT groups: one an interface, shared by the workers, and by no other process if we can help it. */
import type { GatewaySettings } from '../config/settings.ts';

export function fanoutGroups({ interfaces, workers, mode }: GatewaySettings): readonly number[] {
  if (workers < 2 || mode === 'nfqueue') return [];
  return interfaces.map((_, i) => (process.pid * 16 + i) & 0xffff);
}
