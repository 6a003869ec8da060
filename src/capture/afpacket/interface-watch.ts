/**
 * Whether an interface is up, for whoever holds a packet socket on it. The kernel reports "down" once, as
 * the socket's error, and connects the socket again by itself when the interface comes up; that an
 * interface was removed shows only by looking.
 */
import { CaptureError } from '../frame.ts';
import { isInterfaceUp } from './interface-facts.ts';
import type { PacketSocket } from './packet-socket.ts';

/** Milliseconds between two looks at an interface that is down. */
const LOOK_EVERY = 500;

export class InterfaceWatch {
  readonly #socket: PacketSocket;
  #up: boolean;
  #downs = 0;
  #nextLook = 0;

  /** @param up as it was before the socket was bound */
  constructor(socket: PacketSocket, up: boolean) {
    this.#socket = socket;
    this.#up = up;
  }

  get up(): boolean {
    return this.#up;
  }

  /** Times the interface went down. */
  get downs(): number {
    return this.#downs;
  }

  /** The socket has an error to tell. */
  heed(): void {
    if (this.#socket.takeError() === 0) return;
    if (this.#up) this.#downs++;
    this.#up = false;
    this.#nextLook = 0;
  }

  /**
   * Looks whether the interface went down, which shows by itself only to who waits; and now and then whether
   * it is back. Throws CaptureError when it was removed.
   *
   * @param now milliseconds
   * @param frames taken so far, for the message
   */
  look(now: number, frames: number): void {
    this.heed();
    if (this.#up || now < this.#nextLook) return;
    this.#nextLook = now + LOOK_EVERY;
    const { fd, interfaceName, interfaceIndex } = this.#socket;
    const up = isInterfaceUp(fd, interfaceIndex);
    if (up === undefined) {
      throw new CaptureError(interfaceName, frames, 0, 'the network interface was removed');
    }
    this.#up = up;
  }
}
