/**
 * IP fragments, kept until their datagram is complete and decided: then all go on, or none. A fragment that is
 * given up is lost, as on any path, and its receiver cannot complete what was not read here.
 */
import type { Frame } from '../../capture/frame.ts';
import type { Limits } from '../../limits.ts';
import { copyFrame } from './held-packet.ts';

interface Group {
  readonly frames: Frame[];
  octets: number;
  /** Microseconds since 1970. */
  readonly since: number;
}

export class HeldFragments {
  octets = 0;
  /** Fragments given up for want of room or time. */
  dropped = 0;
  /** By the datagram's key, oldest first. */
  readonly #groups = new Map<string, Group>();
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  add(key: string, frame: Frame): void {
    const now = frame.time[0] ?? 0;
    this.#expire(now);
    const copy = copyFrame(frame);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { frames: [], octets: 0, since: now };
      this.#groups.set(key, group);
    }
    group.frames.push(copy);
    group.octets += copy.buffer.length;
    this.octets += copy.buffer.length;
    for (const [oldest, { frames }] of this.#groups) {
      if (this.#fits()) return;
      this.dropped += frames.length;
      this.take(oldest);
    }
  }

  /** The fragments of a datagram that came before, in order of arrival; they are held no more. */
  take(key: string): readonly Frame[] {
    const group = this.#groups.get(key);
    if (group === undefined) return NONE;
    this.#groups.delete(key);
    this.octets -= group.octets;
    return group.frames;
  }

  #fits(): boolean {
    const { fragmentOctets, fragmentedDatagrams } = this.#limits;
    return this.octets <= 2 * fragmentOctets && this.#groups.size <= fragmentedDatagrams;
  }

  #expire(now: number): void {
    const timeout = this.#limits.fragmentTimeout * 1e6;
    for (const [key, { since, frames }] of this.#groups) {
      if (Math.abs(now - since) <= timeout) return;
      this.dropped += frames.length;
      this.take(key);
    }
  }
}

export const NONE: readonly Frame[] = [];
