/** Frames as they are, into one end of a test wire and out of the other. */
import { failure, libc } from '../../src/capture/native/libc.ts';
import { inNamespace } from './wire.fixture.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 0x0300; // 3 in network order
const MSG_DONTWAIT = 0x40;

/** A packet socket on `eth` of a namespace. */
export class RawEnd {
  readonly #fd: number;
  readonly #octets = new Uint8Array(2048);

  constructor(namespace: string) {
    this.#fd = inNamespace(namespace, () => {
      const fd = libc().socket(AF_PACKET, SOCK_RAW, ETH_P_ALL);
      // sockaddr_ll: family(2) protocol(2) index(4) …
      const address = new Uint8Array(20);
      const view = new DataView(address.buffer);
      view.setUint16(0, AF_PACKET, true);
      view.setUint16(2, ETH_P_ALL, true);
      view.setInt32(4, libc().if_nametoindex('eth'), true);
      if (libc().bind(fd, address, address.length) !== 0) throw new Error(failure());
      return fd;
    });
  }

  send(frame: Uint8Array): void {
    if (libc().sendto(this.#fd, frame, frame.length, 0, new Uint8Array(0), 0) !== frame.length) {
      throw new Error(failure());
    }
  }

  /** Everything that has come until nothing more does, as hex. */
  async received(): Promise<string[]> {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const frames: string[] = [];
    for (;;) {
      const length = Number(libc().recv(this.#fd, this.#octets, 2048, MSG_DONTWAIT));
      if (length < 0) return frames;
      frames.push(Buffer.from(this.#octets.subarray(0, length)).toString('hex'));
    }
  }

  close(): void {
    libc().close(this.#fd);
  }
}

/** To 01-80-C2-00-00-0x (IEEE 802.1D, table 7-10), or to any other address. */
export function frameTo(destination: string, type: string): Uint8Array {
  return Buffer.from(`${destination}020000000001${type}${'5a'.repeat(50)}`, 'hex');
}
