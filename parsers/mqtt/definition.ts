/** MQTT in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { neutralise } from './neutral.ts';
import { MqttParser } from './parser.ts';
import { PROBE_LIMIT, probeMqtt } from './probe.ts';

export const MQTT: ProtocolDefinition = {
  name: 'mqtt',
  service: 'mqtt',
  transport: 'tcp',
  // IANA; 8883 is MQTT in TLS.
  ports: [1883],
  probeLimit: PROBE_LIMIT,
  probe: probeMqtt,
  create: (context) => new MqttParser(context),
  neutralise,
};
