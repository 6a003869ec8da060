/** What the first two messages of Mumble's client show: the protocol's version, and who signs in. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { decodeMessage, type MessageDecoder } from '../framing/decode-message.ts';
import type { Opening, OpeningOctets, OpeningRules } from '../framing/opening-parser.ts';
import { signature } from '../framing/signature-parser.ts';
import { mumble } from './control.decoder.ts';
import { AUTHENTICATE, FIRST_MOST, frameAt, HEAD, VERSION } from './frame.ts';

interface Version {
  readonly versionV1: number | null;
}
interface Authenticate {
  readonly username: string | null;
}

const { Version, Authenticate } = mumble as {
  Version: MessageDecoder<Version>;
  Authenticate: MessageDecoder<Authenticate>;
};

/** Characters of a name. */
const NAME_MOST = 256;

export const MUMBLE_OPENING: OpeningRules = { limit: 2 * (HEAD + FIRST_MOST), read };

function read({ buffer, used }: OpeningOctets, _toClient: OpeningOctets, last: boolean): Opening {
  const version = frameAt(buffer, 0, used);
  if (version === undefined || used < version.end) return 'more';
  const login = frameAt(buffer, version.end, used);
  if (login === undefined || (used < login.end && !last)) return 'more';
  if (version.type !== VERSION || login.type !== AUTHENTICATE) return 'other';
  const said = decodeMessage(Version, buffer.subarray(version.start, version.end));
  if (said === undefined) return 'other';
  const { username } = decodeMessage(Authenticate, buffer.subarray(login.start, login.end)) ?? {};
  return signature('mumble', 'not decoded', {
    protocolVersion: versionOf(said.versionV1 ?? 0),
    account: username ? boundedCopy(username, NAME_MOST) : undefined,
  });
}

/** u16 major, u8 minor, u8 patch. */
function versionOf(version: number): string | undefined {
  if (version === 0) return undefined;
  return `${version >>> 16}.${(version >>> 8) & 255}.${version & 255}`;
}
