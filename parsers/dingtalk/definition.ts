/** DingTalk in the registry: its own transport; most of its connections are TLS. */
import type { ProtocolDefinition } from '../contract.ts';
import { SignatureParser, signature } from '../framing/signature-parser.ts';
import { PROBE_LIMIT, probeDingTalk } from './probe.ts';

const FACTS = signature('dingtalk-lwp', 'encrypted');

export const DINGTALK: ProtocolDefinition = {
  name: 'dingtalk',
  opaque: true,
  transport: 'tcp',
  ports: [443],
  probeLimit: PROBE_LIMIT,
  probe: probeDingTalk,
  create: () => new SignatureParser(FACTS),
};
