/**
 * The kernel's own bridge over the two interfaces of a wire, for when no engine carries it.
 *
 * It is made when the gateway starts and stays, with both interfaces in it. *Down* it forwards nothing and
 * drops what comes in before the box's own network stack sees it, so that the box answers nobody; carriers
 * that come and go do not change that. *Up* it forwards at once (no spanning tree, no delay). Packet
 * sockets see and send the same in both states. So one request decides who carries the wire.
 *
 * Its state lives in the kernel: it outlasts every process, and a new engine finds it by its name. What
 * it has counted stands in its alias (`ip link show`).
 */
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { UserError } from '../cli/user-error.ts';
import { readHistory, type WireHistory, writeHistory } from './bridge-history.ts';
import { bridgeName } from './bridge-name.ts';
import {
  deleteLink,
  findLink,
  type Link,
  LinkFlag,
  newBridge,
  setAlias,
  setFlags,
  setMaster,
  setNoAddress,
  setPort,
  setPortListening,
} from './links.ts';
import { RouteError, RouteSocket } from './route-socket.ts';
import { silenceIpv6 } from './silence.ts';
import { wallMicroseconds } from './wall-clock.ts';

export interface BridgePlan {
  readonly a: string;
  readonly b: string;
  /** Never to carry anything: also when somebody sets it up by hand. */
  readonly shut: boolean;
}

export class KernelBridge {
  readonly name: string;
  /** What an administrator should know, one line each. */
  readonly warnings: readonly string[];
  readonly #plan: BridgePlan;
  readonly #socket: RouteSocket;
  readonly #index: number;
  readonly #up: Uint8Array;
  readonly #down: Uint8Array;
  readonly #stopPort: Uint8Array;
  #carrying: boolean;
  #history: WireHistory;

  /** Finds or makes the bridge. Throws UserError. A bridge that carries goes on, unless it is to be shut. */
  constructor(plan: BridgePlan) {
    this.#plan = plan;
    this.name = bridgeName(plan.a, plan.b);
    this.#socket = new RouteSocket();
    const warnings: string[] = [];
    const bridge = this.#prepare(plan, warnings);
    this.warnings = warnings;
    this.#index = bridge.index;
    this.#carrying = bridge.up && !plan.shut;
    this.#history = readHistory(bridge.alias);
    this.#up = setFlags(bridge.index, LinkFlag.Up | LinkFlag.NoArp, LinkFlag.Up | LinkFlag.NoArp);
    this.#down = setFlags(bridge.index, 0, LinkFlag.Up);
    this.#stopPort = setPortListening(existing(this.#socket, plan.a).index);
  }

  get carrying(): boolean {
    return this.#carrying;
  }

  get history(): WireHistory {
    return this.#history;
  }

  /** The kernel carries the wire from now on. Returns since when, in microseconds since 1970. */
  carry(): number {
    // Before, not after: a packet between the two is sent again by its sender; none goes out twice.
    const since = wallMicroseconds();
    this.#socket.request(this.#up);
    this.#carrying = true;
    return since;
  }

  /** The kernel carries nothing any more. Returns since when: what came later is nobody's yet. */
  release(): number {
    // At once, between two packets; setting the bridge down waits for the kernel's readers first.
    if (this.#carrying) this.#socket.request(this.#stopPort);
    const since = wallMicroseconds();
    this.#socket.request(this.#down);
    this.#carrying = false;
    return since;
  }

  /** Counts in the kernel, so that it is known after a restart. */
  remember(history: WireHistory): void {
    this.#history = history;
    this.#socket.request(setAlias(this.#index, writeHistory(history)));
  }

  /** What somebody else did to it; a new KernelBridge of the same plan puts it right. */
  fault(): string | undefined {
    const bridge = findLink(this.#socket, this.#index);
    if (bridge === undefined) return `the bridge ${this.name} was removed`;
    for (const end of [this.#plan.a, this.#plan.b]) {
      if (findLink(this.#socket, end)?.master !== this.#index) {
        return `${end} was taken out of the bridge ${this.name}`;
      }
    }
    if (bridge.up === this.#carrying) return undefined;
    return `the bridge ${this.name} was set ${bridge.up ? 'up' : 'down'}`;
  }

  close(): void {
    this.#socket.close();
  }

  #prepare(plan: BridgePlan, warnings: string[]): Link {
    const ends = [plan.a, plan.b].map((name) => existing(this.#socket, name));
    for (const end of ends) this.#refuseBusy(end);
    const [a, b] = ends;
    if (a?.mtu !== b?.mtu) {
      warnings.push(
        `${plan.a} has MTU ${a?.mtu} and ${plan.b} ${b?.mtu}: larger packets do not pass`,
      );
    }
    warnFilter(plan, warnings);
    const isNew = findLink(this.#socket, this.name) === undefined;
    try {
      if (isNew) this.#socket.request(newBridge(this.name));
      const bridge = existing(this.#socket, this.name);
      if (plan.shut && bridge.up) this.#socket.request(setFlags(bridge.index, 0, LinkFlag.Up));
      this.#socket.request(setNoAddress(bridge.index));
      silenceIpv6(this.name, warnings);
      for (const end of ends) {
        if (end.master !== bridge.index) this.#socket.request(setMaster(end.index, bridge.index));
        this.#socket.request(setPort(end.index, plan.shut));
        silenceIpv6(end.name, warnings); // not sooner: nothing of what is refused is changed
        this.#socket.request(setFlags(end.index, LinkFlag.Up, LinkFlag.Up));
      }
      return existing(this.#socket, this.name);
    } catch (error) {
      if (!(error instanceof RouteError)) throw error;
      if (isNew) this.#forget();
      throw new UserError(
        `cannot put ${plan.a} and ${plan.b} into the bridge ${this.name}: ${error.message}`,
        error.number === EPERM
          ? 'It needs CAP_NET_ADMIN: start as root or from the systemd unit.'
          : 'Look with `ip -d link`, and in the kernel log with `dmesg`.',
      );
    }
  }

  /** What was begun and could not be finished leaves nothing behind. */
  #forget(): void {
    const bridge = findLink(this.#socket, this.name);
    if (bridge !== undefined) this.#socket.request(deleteLink(bridge.index));
  }

  /** An interface that something else uses is not ours to take. */
  #refuseBusy(link: Link): void {
    const master = link.master === 0 ? undefined : findLink(this.#socket, link.master)?.name;
    if (master !== undefined && master !== this.name) {
      throw new UserError(
        `${link.name} is a port of ${master}: a wire's interfaces belong to nothing else`,
        `Take it out first: ip link set ${link.name} nomaster`,
      );
    }
    const address = networkInterfaces()[link.name]?.find(
      ({ family, scopeid }) => family === 'IPv4' || scopeid === 0,
    );
    if (address === undefined) return;
    throw new UserError(
      `${link.name} has the address ${address.cidr ?? address.address}: a wire's interfaces have none, and the box would lose it`,
      `Name the right interface, or take the address off: ip addr flush dev ${link.name}`,
    );
  }
}

const EPERM = 1;

/** With br_netfilter the host's own packet filter sees what is bridged; Docker's, for one, drops it. */
function warnFilter(plan: BridgePlan, warnings: string[]): void {
  if (plan.shut) return;
  const folder = '/proc/sys/net/bridge';
  const on = ['iptables', 'ip6tables'].filter((table) => {
    const file = `${folder}/bridge-nf-call-${table}`;
    return existsSync(file) && readFileSync(file, 'latin1').trim() === '1';
  });
  if (on.length === 0) return;
  warnings.push(
    `while the kernel carries the wire, the FORWARD chain of ${on.join(' and ')} decides about its packets: write 0 to ${folder}/bridge-nf-call-* if it would drop them`,
  );
}

function existing(socket: RouteSocket, name: string): Link {
  const link = findLink(socket, name);
  if (link !== undefined) return link;
  throw new UserError(`there is no interface ${name}`, 'List them with `ip link`.');
}
