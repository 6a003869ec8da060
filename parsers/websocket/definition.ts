/** WebSockets in clear, in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { WebSocketParser } from './parser.ts';
import { PROBE_LIMIT, probeWebSocket } from './probe.ts';

export const WEBSOCKET: ProtocolDefinition = {
  name: 'websocket',
  transport: 'tcp',
  opaque: true,
  ports: [80, 8080],
  probeLimit: PROBE_LIMIT,
  probe: probeWebSocket,
  create: () => new WebSocketParser(),
};
