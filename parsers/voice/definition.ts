/** Calls and voice over UDP in the registry, the surest first. */
import type { ProtocolDefinition } from '../contract.ts';
import { DISCORD_VOICE } from './discord.ts';
import { IMO_CALL } from './imo.ts';
import { LINE_CALL } from './line.ts';
import { MUMBLE_PING } from './mumble.ts';
import { SKYPE } from './skype.ts';
import { STEAM } from './steam.ts';
import { TEAMSPEAK, TEAMSPEAK_WEBLIST } from './teamspeak.ts';
import { TELEGRAM_REFLECTOR } from './telegram.ts';
import { VIBER_CALL } from './viber.ts';
import { WEBEX_MEDIA } from './webex.ts';
import { ZOOM } from './zoom.ts';

export const VOICE: readonly ProtocolDefinition[] = [
  DISCORD_VOICE,
  ZOOM,
  TELEGRAM_REFLECTOR,
  LINE_CALL,
  TEAMSPEAK,
  STEAM,
  WEBEX_MEDIA,
  IMO_CALL,
  VIBER_CALL,
  MUMBLE_PING,
  TEAMSPEAK_WEBLIST,
  SKYPE,
];
