/**
 * Keys of a client's Initial packets (RFC 9001 §5.2, RFC 9369 §3.3): whoever sees the connection id that the client
 * made up can derive them; they protect against accidents, not against reading.
 */
import { hkdfExpandLabel, hkdfExtract } from '../../src/bytes/hkdf.ts';

export interface InitialKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Of the header protection. */
  readonly hp: Uint8Array;
}

/** `id`: the destination connection id of the client's first packet, or of the first after a Retry. */
export function clientInitialKeys(
  salt: Uint8Array,
  id: Uint8Array,
  isSecond: boolean,
): InitialKeys {
  const secret = hkdfExpandLabel(hkdfExtract(salt, id), 'client in', 32);
  const label = isSecond ? 'quicv2' : 'quic';
  return {
    key: hkdfExpandLabel(secret, `${label} key`, 16),
    iv: hkdfExpandLabel(secret, `${label} iv`, 12),
    hp: hkdfExpandLabel(secret, `${label} hp`, 16),
  };
}
