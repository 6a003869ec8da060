/** What a QQ flow has told: whose account it is, and what is said of a packet's header. */
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Direction, type ParserSink, type Unit } from '../contract.ts';
import { isKnown, Meaning, meaningOf } from './commands.ts';
import { commandAt, numberAt, sequenceAt, versionAt } from './header.ts';

export class OicqFlow {
  #number = 0;
  #version = 0;
  /** The last sign-in or sign-out, which clients repeat: command and sequence. */
  #last = -1;
  #unknownSaid = false;
  readonly #unit: Unit = {
    direction: Direction.ToServer,
    start: 0,
    end: 0,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: 0,
  };

  /** A packet whose header stands at `at`; with its length it is [from, to) of the stream. */
  packet(
    direction: Direction,
    octets: Uint8Array,
    at: number,
    from: number,
    to: number,
    sink: ParserSink,
  ): void {
    const toServer = direction === Direction.ToServer;
    const unit = this.#unit;
    unit.direction = direction;
    unit.start = from;
    unit.end = to;
    const command = commandAt(octets, at);
    if (toServer) {
      const number = numberAt(octets, at);
      const version = versionAt(octets, at);
      this.#version = version;
      if (number !== this.#number) {
        this.#number = number;
        sink.event(this.#make('presence', direction), unit);
      }
      this.#session(direction, meaningOf(version, command), command, sequenceAt(octets, at), sink);
    }
    if (isKnown(command) || this.#unknownSaid) return;
    this.#unknownSaid = true;
    const event = this.#make('app.unknown', direction);
    event.reason = `command 0x${command.toString(16).padStart(4, '0')}`;
    sink.event(event, unit);
  }

  #session(
    direction: Direction,
    meaning: Meaning,
    command: number,
    sequence: number,
    sink: ParserSink,
  ): void {
    if (meaning === Meaning.Other) return;
    const key = command * 0x1_0000 + sequence;
    if (key === this.#last) return;
    this.#last = key;
    const kind = meaning === Meaning.SignIn ? 'session.login' : 'session.logout';
    const event = this.#make(kind, direction);
    event.state = 'requested';
    sink.event(event, this.#unit);
  }

  #make(kind: EventKind, direction: Direction): ImEvent {
    const toServer = direction === Direction.ToServer;
    const event = new ImEvent(kind);
    event.service = 'qq';
    event.protocol = 'oicq';
    event.visibility = 'metadata';
    if (this.#version !== 0) event.protocolVersion = this.#version.toString(16).padStart(4, '0');
    event.origin = toServer ? 'client' : 'server';
    if (this.#number !== 0) event.account = String(this.#number);
    if (toServer) event.from = event.account;
    return event;
  }
}
