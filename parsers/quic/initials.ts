/**
 * A client's Initial packets, deciphered, and the handshake that they carry.
 *
 * The keys follow from the connection id of the first one; after a Retry from the one that the server told. So the
 * keys that fitted last are tried, then those of the packet's own id; likewise the salts of a version that has several.
 * What is deciphered is counted: that is what costs here.
 */
import { CryptoStream } from './crypto-stream.ts';
import { readFrames } from './frames.ts';
import { clientInitialKeys, type InitialKeys } from './initial-keys.ts';
import type { LongHeader } from './long-header.ts';
import { openPacket } from './open-packet.ts';
import type { QuicVersion } from './versions.ts';

/** Initial packets of a flow that are deciphered; a large hello takes two or three, and as many once more. */
export const MAX_INITIALS = 8;
/** Of those, the ones that no key opens, before the flow is given up. */
export const MAX_UNREADABLE = 4;

export class Initials {
  readonly stream = new CryptoStream();
  /** What opened the last packet, and what it was derived from. */
  #keys: InitialKeys | undefined = undefined;
  #salt: Uint8Array | undefined = undefined;
  #keyId: Uint8Array | undefined = undefined;
  #version: QuicVersion | undefined = undefined;
  #opened = 0;
  #unreadable = 0;

  /** No more are deciphered. */
  get isSpent(): boolean {
    return this.#unreadable >= MAX_UNREADABLE || this.#opened + this.#unreadable >= MAX_INITIALS;
  }

  /** Of the packet that was opened last. */
  get version(): QuicVersion | undefined {
    return this.#version;
  }

  /** None was deciphered, though there were some. */
  get isUnreadable(): boolean {
    return this.#opened === 0 && this.#unreadable > 0;
  }

  /** The packet at `at`, whose header was read; false where no key opens it. */
  read(octets: Uint8Array, at: number, header: LongHeader): boolean {
    if (this.isSpent) return false;
    const frames = this.#open(octets, at, header);
    if (frames === undefined) {
      this.#unreadable += 1;
      return false;
    }
    this.#opened += 1;
    readFrames(frames, header.version.isGoogle, this.stream);
    return true;
  }

  held(): number {
    return this.stream.held() + 256;
  }

  #open(octets: Uint8Array, at: number, header: LongHeader): Uint8Array | undefined {
    const { version, idStart, idEnd } = header;
    if (this.#keys !== undefined && this.#version === version) {
      const frames = openPacket(octets, at, header, this.#keys);
      if (frames !== undefined) return frames;
    }
    const own = octets.subarray(idStart, idEnd);
    const last = this.#keyId;
    // The same id with another version: an upgrade that both have agreed on (RFC 9368 §2.3).
    const frames = last && this.#openBy(last, octets, at, header);
    if (frames !== undefined || (last !== undefined && same(last, own))) return frames;
    return this.#openBy(own, octets, at, header);
  }

  #openBy(
    id: Uint8Array,
    octets: Uint8Array,
    at: number,
    header: LongHeader,
  ): Uint8Array | undefined {
    const { version } = header;
    for (const salt of version.salts) {
      if (this.#wasTried(id, salt, version)) continue;
      const keys = clientInitialKeys(salt, id, version.isSecond);
      const frames = openPacket(octets, at, header, keys);
      if (frames === undefined) continue;
      // Other keys are another connection's, or a handshake that begins anew after a Retry: nothing is mixed.
      this.stream.clear();
      this.#keys = keys;
      this.#salt = salt;
      this.#keyId = new Uint8Array(id);
      this.#version = version;
      return frames;
    }
    return undefined;
  }

  /** Those keys are the ones that did not open it just now. */
  #wasTried(id: Uint8Array, salt: Uint8Array, version: QuicVersion): boolean {
    const last = this.#keyId;
    return this.#version === version && this.#salt === salt && last !== undefined && same(last, id);
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}
