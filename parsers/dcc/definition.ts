/** DCC in the registry: reached only by the offers of IRC. */
import type { ProtocolDefinition } from '../contract.ts';
import { neutraliseLine } from '../framing/neutral-line.ts';
import { DccChatParser } from './dcc-chat.ts';
import { DccSendParser } from './dcc-send.ts';

export const DCC_SEND: ProtocolDefinition = {
  name: 'dcc-send',
  service: 'irc',
  transport: 'tcp',
  activity: 'media',
  ports: [],
  probeLimit: 0,
  create: (context) => new DccSendParser(context),
};

export const DCC_CHAT: ProtocolDefinition = {
  name: 'dcc-chat',
  service: 'irc',
  transport: 'tcp',
  ports: [],
  probeLimit: 0,
  create: (context) => new DccChatParser(context),
  neutralise: neutraliseLine,
};
