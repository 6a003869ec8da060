/**
 * The 64 octets before MTProto's obfuscated transport (core.telegram.org/mtproto/mtproto-transports, "Transport
 * obfuscation"), which a gateway can prove without any secret:
 *
 *   0   8   random; never what another protocol begins with
 *   8  32   key of AES-256-CTR, client to server
 *  40  16   its first counter
 *  56   4   enciphered with them, as octet 56 on: ef ef ef ef, ee ee ee ee or dd dd dd dd, the transport
 *  60   2   likewise: int16 LE, the data centre; negative: one for media; 10000 on top: a test centre
 *
 * Where a secret is mixed into the key (MTProxy) nothing can be proved.
 */
import { aesCtrDecrypt } from '../../src/bytes/aes-ctr.ts';
import { i32le, u16le } from '../../src/bytes/read.ts';
import { mayBeRandom } from './random-octets.ts';

/** Octets. */
export const HEADER = 64;
const KEY = 8;
const COUNTER = 40;
const TAG = 56;
const CENTRE = 60;
/** Data centres are 1 to 5; test ones are counted from here. */
const TEST_CENTRES = 10000;
const CENTRES = 5;

/** First words that clients avoid: HEAD, POST, GET, OPTI, PVrG, and TLS. */
const NEVER_FIRST: readonly number[] = [
  0x44414548, 0x54534f50, 0x20544547, 0x4954504f, 0x47725650, 0x02010316,
];

export interface ObfuscatedHeader {
  readonly transport: 'abridged' | 'intermediate' | 'padded';
  /** Data centre, negative for media; undefined where the field holds none. */
  readonly centre: number | undefined;
}

/** Whether a header can begin so, as far as it is there. */
export function mayBeHeader(octets: Uint8Array): boolean {
  const end = Math.min(octets.length, HEADER);
  if (octets[0] === 0xef) return false;
  if (end >= 4) {
    const word = i32le(octets, 0);
    if (word === (0xeeeeeeee | 0) || word === (0xdddddddd | 0)) return false;
    if (NEVER_FIRST.includes(word)) return false;
  }
  return mayBeRandom(octets, 0, end);
}

/** What a whole header says; undefined where it is none. */
export function readHeader(octets: Uint8Array): ObfuscatedHeader | undefined {
  const plain = aesCtrDecrypt(
    octets.subarray(KEY, COUNTER),
    octets.subarray(COUNTER, TAG),
    octets.subarray(0, HEADER),
  );
  if (plain === undefined) return undefined;
  const transport = TRANSPORTS.get(i32le(plain, TAG));
  if (transport === undefined) return undefined;
  const centre = (u16le(plain, CENTRE) << 16) >> 16;
  const number = Math.abs(centre) % TEST_CENTRES;
  const isCentre = number >= 1 && number <= CENTRES && Math.abs(centre) < 2 * TEST_CENTRES;
  return { transport, centre: isCentre ? centre : undefined };
}

const TRANSPORTS: ReadonlyMap<number, ObfuscatedHeader['transport']> = new Map([
  [0xefefefef | 0, 'abridged'],
  [0xeeeeeeee | 0, 'intermediate'],
  [0xdddddddd | 0, 'padded'],
]);
