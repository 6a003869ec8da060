/** WebSockets in clear, in the registry: before plain HTTP, and weak as that is, so that no head of a page is held. */
import type { ProtocolDefinition } from '../contract.ts';
import { WebSocketParser } from './parser.ts';
import { PROBE_LIMIT, probeWebSocket } from './probe.ts';

export const WEBSOCKET: ProtocolDefinition = {
  name: 'websocket',
  transport: 'tcp',
  opaque: true,
  weak: true,
  ports: [80, 8080],
  probeLimit: PROBE_LIMIT,
  probe: probeWebSocket,
  create: () => new WebSocketParser(),
};
