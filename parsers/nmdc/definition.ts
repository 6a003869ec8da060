/** Direct Connect in the registry: NMDC and ADC, between client and hub and between clients. */
import type { ProtocolDefinition } from '../contract.ts';
import { AdcDialect } from './adc-dialect.ts';
import { ADC_PROBE_LIMIT, probeAdc } from './adc-probe.ts';
import { DcParser } from './dc-parser.ts';
import { neutraliseAdc, neutraliseNmdc } from './neutral.ts';
import { NmdcDialect } from './nmdc-dialect.ts';
import { PROBE_LIMIT, probeNmdc } from './probe.ts';

export const NMDC: ProtocolDefinition = {
  name: 'nmdc',
  service: 'nmdc',
  transport: 'tcp',
  // By custom only: 411 hubs, 412 clients; 1209 and others are seen.
  ports: [411, 412, 4111],
  probeLimit: PROBE_LIMIT,
  probe: probeNmdc,
  create: (context) => new DcParser(new NmdcDialect(context)),
  neutralise: neutraliseNmdc,
};

export const ADC: ProtocolDefinition = {
  name: 'adc',
  service: 'adc',
  transport: 'tcp',
  ports: [1511, 2780],
  probeLimit: ADC_PROBE_LIMIT,
  probe: probeAdc,
  create: (context) => new DcParser(new AdcDialect(context)),
  neutralise: neutraliseAdc,
};
