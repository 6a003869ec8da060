/**
 * Whether an interface is up, for whoever holds a packet socket on it. The kernel reports "down" once, as
 * the socket's error, and connects the socket again by itself when the interface comes up; that an
 * interface was removed shows only by looking.
 */
import { CaptureError } from '../frame.ts';
import { interfaceFacts } from './interface-facts.ts';

/** Milliseconds between two looks at an interface that is down. */
const LOOK_EVERY = 500;

export class InterfaceWatch {
  readonly #name: string;
  readonly #index: number;
  #up: boolean;
  #downs = 0;
  #nextLook = 0;

  constructor(name: string, index: number, up: boolean) {
    this.#name = name;
    this.#index = index;
    this.#up = up;
  }

  get up(): boolean {
    return this.#up;
  }

  /** Times the interface went down. */
  get downs(): number {
    return this.#downs;
  }

  /** The socket had ENETDOWN. */
  wentDown(): void {
    this.#downs++;
    this.#up = false;
    this.#nextLook = 0;
  }

  /**
   * Looks, now and then, whether an interface that is down is back; throws CaptureError when it was removed.
   *
   * @param now milliseconds
   * @param frames taken so far, for the message
   */
  look(now: number, frames: number): void {
    if (this.#up || now < this.#nextLook) return;
    this.#nextLook = now + LOOK_EVERY;
    const facts = interfaceFacts(this.#name);
    if (facts === undefined || facts.index !== this.#index) {
      throw new CaptureError(this.#name, frames, 0, 'the network interface was removed');
    }
    this.#up = facts.up;
  }
}
