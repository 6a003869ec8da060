/** Where frames that are larger than a ring's slot are read to, from the socket's queue: a few buffers, lent in order. */
import { VIRTIO_HEADER } from '../frame.ts';
import { addressOf, libc } from '../native/libc.ts';
import { MSG_DONTWAIT } from './packet-constants.ts';
import { TAG_ROOM } from './vlan-tag.ts';

/** 64 KiB of IP, link header, two tags, the virtio header and the room for a tag, in whole pages. */
const BUFFER = 17 * 4096;
const BUFFERS = 32;

export class SuperframeBuffers {
  readonly octets = new Uint8Array(BUFFER * BUFFERS);
  readonly address = addressOf(this.octets);
  readonly #targets: Uint8Array[] = [];
  readonly #fd: number;
  #lent = 0;

  constructor(fd: number) {
    this.#fd = fd;
    for (let n = 0; n < BUFFERS; n++) {
      this.#targets.push(this.octets.subarray(n * BUFFER + TAG_ROOM, (n + 1) * BUFFER));
    }
  }

  get exhausted(): boolean {
    return this.#lent === BUFFERS;
  }

  /**
   * Reads the next frame of the queue, which has this length.
   *
   * @returns where the frame begins in `octets`, its virtio header in front of it; -1: it is not there whole
   */
  take(length: number): number {
    const target = this.#targets[this.#lent];
    if (target === undefined) return -1;
    const { recv } = libc();
    let got = recv(this.#fd, target, target.length, MSG_DONTWAIT);
    // An error of the socket (the interface went down) is told once, before what is in the queue.
    if (got < 0) got = recv(this.#fd, target, target.length, MSG_DONTWAIT);
    if (got !== length + VIRTIO_HEADER) return -1;
    const at = this.#lent * BUFFER + TAG_ROOM + VIRTIO_HEADER;
    this.#lent++;
    return at;
  }

  release(): void {
    this.#lent = 0;
  }
}
