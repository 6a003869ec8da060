/**
 * IP fragments, kept until their datagram is complete and decided: then all go on, or none. What is not complete
 * in time goes on as it came, where the policy lets it; when the rest comes after all, the datagram is decided
 * as a whole, and of a refused one what is sent again stays here. A fragment that is given up for want of room
 * is lost, as on any path.
 */
import type { Frame } from '../../capture/frame.ts';
import type { Limits } from '../../limits.ts';
import { copyFrame } from './held-packet.ts';
import type { Side } from './packet-judge.ts';

interface Group {
  readonly frames: Frame[];
  readonly side: Side;
  octets: number;
  /** Microseconds since 1970. */
  readonly since: number;
}

export class HeldFragments {
  octets = 0;
  /** Fragments given up for want of room. */
  dropped = 0;
  /** By the datagram's key, oldest first. */
  readonly #groups = new Map<string, Group>();
  /** Datagrams that were refused, and when, microseconds: oldest first. */
  readonly #refused = new Map<string, number>();
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Datagrams of which something is held. */
  get size(): number {
    return this.#groups.size;
  }

  add(key: string, frame: Frame, side: Side): void {
    const now = frame.time[0] ?? 0;
    const copy = copyFrame(frame);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { frames: [], side, octets: 0, since: now };
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

  /** Those held for `time` and longer go on; microseconds. */
  release(now: number, time: number, send: (frame: Frame, side: Side) => void): void {
    for (const [key, { since, side }] of this.#groups) {
      if (Math.abs(now - since) < time) return;
      for (const frame of this.take(key)) send(frame, side);
    }
  }

  /** Nothing more of this datagram goes on, for as long as its receiver may wait for it. */
  refuse(key: string, now: number): void {
    this.take(key);
    this.#refused.delete(key);
    this.#refused.set(key, now);
    const { fragmentedDatagrams } = this.#limits;
    for (const [oldest] of this.#refused) {
      if (this.#refused.size <= fragmentedDatagrams) return;
      this.#refused.delete(oldest);
    }
  }

  isRefused(key: string, now: number): boolean {
    const since = this.#refused.get(key);
    if (since === undefined) return false;
    if (Math.abs(now - since) <= this.#limits.fragmentTimeout * 1e6) return true;
    this.#refused.delete(key);
    return false;
  }

  #fits(): boolean {
    const { fragmentOctets, fragmentedDatagrams } = this.#limits;
    return this.octets <= 2 * fragmentOctets && this.#groups.size <= fragmentedDatagrams;
  }
}

export const NONE: readonly Frame[] = [];
