/** What conditions see of one event: the parties, the person, the addresses. Reused. */
import { ImEvent } from '../../src/event/event.ts';
import type { Directory, Person } from '../directory/directory.ts';
import { FIELDS } from '../fields.ts';
import { parseAddress, splitEndpoint } from '../lists/cidr.ts';
import type { IdentitySet } from '../lists/identity-set.ts';
import type { JudgeState } from '../state/judge-state.ts';
import { valuesOfMarkup } from './markup.ts';
import { accountOf, peersOf, senderOf, type Values } from './parties.ts';

interface Endpoints {
  readonly client: Int32Array | undefined;
  readonly server: Int32Array | undefined;
  readonly port: number | undefined;
}

/** Kinds that a room hears as a whole. */
const TO_ROOM = new Set<string>([
  'message',
  'message.edit',
  'message.delete',
  'typing',
  'presence',
]);

const NO_ENDPOINTS: Endpoints = { client: undefined, server: undefined, port: undefined };

export class EventView {
  event: ImEvent = new ImEvent('gap');
  readonly state: JudgeState;
  readonly #directory: Directory;
  readonly #ours: IdentitySet;
  readonly #endpoints = new WeakMap<object, Endpoints>(); // one flow object serves many events
  #peersKnown = false;
  #peers: Values;
  #boundary: 'internal' | 'external' | undefined; // once asked for
  #known: boolean | undefined; // once asked for
  #texts: Values; // of an event with markup, once asked for

  constructor(state: JudgeState, directory: Directory, ours: IdentitySet) {
    this.state = state;
    this.#directory = directory;
    this.#ours = ours;
  }

  see(event: ImEvent): void {
    this.event = event;
    this.#peersKnown = false;
    this.#peers = undefined;
    this.#boundary = undefined;
    this.#known = undefined;
    this.#texts = undefined;
  }

  /** The other party: recipients of what we send, sender of what we get, the contact spoken of. */
  get peers(): Values {
    if (!this.#peersKnown) {
      this.#peersKnown = true;
      this.#peers = FIELDS.peer.kinds.has(this.event.kind) ? peersOf(this.event) : undefined;
    }
    return this.#peers;
  }

  /** The text, and what `markup` shows besides. */
  get texts(): Values {
    const { text, markup } = this.event;
    if (markup === undefined) return text;
    if (this.#texts === undefined) {
      const more = valuesOfMarkup(markup, text);
      this.#texts = text === undefined ? more : [text, ...more];
    }
    return this.#texts;
  }

  /** The sender; undefined where it is a name that only pretends to be an address. */
  get sender(): string | undefined {
    return senderOf(this.event);
  }

  /** Our own account in this event. */
  get account(): string | undefined {
    return accountOf(this.event);
  }

  get person(): Person | undefined {
    const account = this.account;
    return account === undefined ? undefined : this.#directory.person(this.event.service, account);
  }

  /** External as soon as one party is, or may be. */
  get boundary(): 'internal' | 'external' | undefined {
    if (this.#boundary === undefined && FIELDS.peer.kinds.has(this.event.kind)) {
      const { peers } = this;
      const ours = typeof peers === 'string' ? this.#isOurs(peers) : this.#areOurs(peers);
      this.#boundary = ours ? 'internal' : 'external';
    }
    return this.#boundary;
  }

  /** Whether every party has been approved or written to before. */
  get contactKnown(): boolean | undefined {
    if (this.#known === undefined && FIELDS.peer.kinds.has(this.event.kind)) {
      this.#known = this.#knowsAll();
    }
    return this.#known;
  }

  get roomMembers(): ReadonlySet<string> | undefined {
    const { room, service } = this.event;
    return room === undefined ? undefined : this.state.rooms.of(service, room);
  }

  get endpoints(): Endpoints {
    const { flow } = this.event;
    if (flow === undefined) return NO_ENDPOINTS;
    let known = this.#endpoints.get(flow);
    if (known === undefined) {
      const server = splitEndpoint(flow.server);
      known = {
        client: parseAddress(splitEndpoint(flow.client).address),
        server: parseAddress(server.address),
        port: server.port < 0 ? undefined : server.port,
      };
      this.#endpoints.set(flow, known);
    }
    return known;
  }

  #knowsAll(): boolean {
    const { peers, account } = this;
    const { service, room, to, kind } = this.event;
    if (account === undefined) return false;
    // What is said to a whole room comes from the room, which one joined or wrote to.
    if (room !== undefined && to === undefined && TO_ROOM.has(kind)) {
      if (this.state.known.knows(service, account, room)) return true;
    }
    if (peers === undefined) return false;
    if (typeof peers === 'string') return this.state.known.knows(service, account, peers);
    return peers.every((peer) => this.state.known.knows(service, account, peer));
  }

  #areOurs(peers: readonly string[] | undefined): boolean {
    return peers?.every((peer) => this.#isOurs(peer)) ?? false;
  }

  #isOurs(peer: string): boolean {
    const { service } = this.event;
    return this.#directory.person(service, peer) !== undefined || this.#ours.has(service, peer);
  }
}

/** ASCII without controls: nothing to undo. */
const PRINTABLE = /^[ -~]*$/;

/** What stands after the last dot of a file name, tricks with spaces and look-alikes undone. */
export function extensionOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const visible = PRINTABLE.test(name)
    ? name
    : name.normalize('NFKC').replace(/[\p{Cf}\p{Cc}]/gu, '');
  const plain = visible.replace(/[\s.]+$/u, '');
  const dot = plain.lastIndexOf('.');
  const slash = Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\'));
  return dot > slash && dot < plain.length - 1 ? plain.slice(dot + 1).toLowerCase() : undefined;
}
