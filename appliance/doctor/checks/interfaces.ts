/** The interfaces that were named: there, up, alike, unused by others, with offloads that fit. */
import { networkInterfaces } from 'node:os';
import {
  type InterfaceFacts,
  interfaceFacts,
  interfaceNames,
} from '../../../src/capture/afpacket/interface-facts.ts';
import { bridgeName } from '../../failsafe/bridge-name.ts';
import { findLink } from '../../failsafe/links.ts';
import { RouteSocket } from '../../failsafe/route-socket.ts';
import { activeFeatures, receiveRing } from '../ethtool.ts';
import { type Check, type Finding, fail, ok, type Subject, warn } from '../finding.ts';

const ETHERNET = 1;

/** Offloads that chain packets together; not every kernel tells a packet socket where to cut them again. */
const CHAINING = ['rx-gro-list', 'rx-udp-gro-forwarding'];

export const INTERFACE_CHECK: Check = { area: 'Interfaces', run: checkInterfaces };

function checkInterfaces(subject: Subject): Finding[] {
  if (process.platform !== 'linux') return [];
  const names = namesOf(subject);
  if (names.length === 0) {
    const there = interfaceNames().filter((name) => name !== 'lo');
    return [
      ok(
        `none named: sallyport doctor IFACE… looks at ${there.length === 0 ? 'one' : there.join(', ')}`,
      ),
    ];
  }
  const found = names.map((name) => interfaceFacts(name));
  const findings: Finding[] = [];
  for (const [i, name] of names.entries()) {
    const facts = found[i];
    if (facts === undefined) {
      findings.push(fail(`${name}: no such interface`, 'ip -br link'));
      continue;
    }
    findings.push(...ofOne(facts, subject, names));
  }
  const [a, b] = found;
  if (inWire(subject, names) && a !== undefined && b !== undefined) {
    if (a.index === b.index) findings.push(fail('both ends of the wire are the same interface'));
    if (a.mtu !== b.mtu) {
      const least = Math.min(a.mtu, b.mtu);
      findings.push(
        fail(
          `${a.name} has MTU ${a.mtu}, ${b.name} ${b.mtu}: larger packets do not pass`,
          `ip link set ${(a.mtu > b.mtu ? a : b).name} mtu ${least}`,
        ),
      );
    } else findings.push(ok(`both ends have MTU ${a.mtu}`));
  }
  return findings;
}

/** Those that are read, and the one that resets leave by. */
function namesOf({ settings, mode }: Subject): readonly string[] {
  const { resetInterface } = settings.tap;
  const reset = mode === 'tap' && resetInterface !== undefined ? [resetInterface] : [];
  return [...new Set([...settings.interfaces, ...reset])];
}

/** Two interfaces without a mode may become a wire. */
function inWire({ mode }: Subject, names: readonly string[]): boolean {
  return mode === 'inline' || (mode === undefined && names.length === 2);
}

function ofOne(facts: InterfaceFacts, subject: Subject, names: readonly string[]): Finding[] {
  const { name } = facts;
  return [
    state(facts),
    ...(facts.hardwareType === ETHERNET ? [] : [notEthernet(facts, subject)]),
    ...offloads(facts, subject, names),
    ...ring(name),
    ...owners(name, subject, names),
  ];
}

function state({ name, up, running, mtu }: InterfaceFacts): Finding {
  if (!up) return warn(`${name} is switched off`, `ip link set ${name} up`);
  if (!running)
    return warn(`${name} is up, without a carrier`, 'Check the cable and the switch port.');
  return ok(`${name} is up, MTU ${mtu}`);
}

function notEthernet({ name, hardwareType }: InterfaceFacts, { mode }: Subject): Finding {
  const what = `${name} is no Ethernet (ARPHRD ${hardwareType})`;
  return mode === 'inline'
    ? fail(`${what}: it cannot be an end of a wire`, 'Use the tap, or a netfilter queue.')
    : warn(`${what}: only a tap can read it`);
}

function offloads(facts: InterfaceFacts, subject: Subject, names: readonly string[]): Finding[] {
  const { name } = facts;
  const { lro, gro, gso, tso } = facts.offloads;
  const findings: Finding[] = [];
  if (lro === true) {
    findings.push(
      (inWire(subject, names) ? fail : warn)(
        `${name}: LRO is on: it merges packets that can never be taken apart again`,
        `ethtool -K ${name} lro off`,
      ),
    );
  }
  const active = activeFeatures(name);
  for (const feature of inWire(subject, names) ? CHAINING : []) {
    if (!active.has(feature)) continue;
    const what = `${name}: ${feature} is on: packets that it merges may be lost on their way through`;
    findings.push(warn(what, `ethtool -K ${name} ${feature} off`));
  }
  const on = Object.entries({ gro, gso, tso }).filter(([, value]) => value === true);
  if (on.length > 0) {
    findings.push(
      ok(`${name}: ${on.map(([which]) => which).join(', ')} on: superframes pass whole`),
    );
  }
  if (subject.mode === 'tap' && gro === true && subject.settings.capture.snapLength < 65_550) {
    findings.push(
      warn(
        `${name}: GRO makes frames of up to 64 KB, and they are cut to ${subject.settings.capture.snapLength}`,
        `ethtool -K ${name} gro off, or a larger snap length`,
      ),
    );
  }
  return findings;
}

function ring(name: string): Finding[] {
  const sizes = receiveRing(name);
  if (sizes === undefined) return [];
  const { now, most } = sizes;
  if (now >= most / 2) return [ok(`${name}: the card's receive ring has ${now} of ${most} places`)];
  return [
    warn(
      `${name}: the card's receive ring has ${now} of ${most} places: bursts are lost in the card`,
      `ethtool -G ${name} rx ${most}`,
    ),
  ];
}

function owners(name: string, subject: Subject, names: readonly string[]): Finding[] {
  if (!inWire(subject, names)) return [];
  const findings: Finding[] = [];
  const socket = new RouteSocket();
  try {
    const master = findLink(socket, name)?.master ?? 0;
    const owner = master === 0 ? undefined : findLink(socket, master)?.name;
    const [a = '', b = ''] = names;
    const ours = [bridgeName(a, b), bridgeName(b, a)];
    if (owner !== undefined && !ours.includes(owner)) {
      findings.push(
        fail(
          `${name} is a port of ${owner}: packets would pass twice`,
          `ip link set ${name} nomaster`,
        ),
      );
    }
  } finally {
    socket.close();
  }
  const address = networkInterfaces()[name]?.find(
    ({ family, scopeid }) => family === 'IPv4' || scopeid === 0,
  );
  if (address !== undefined) {
    // Without a mode it may be the interface over which somebody is logged in: no command to copy then.
    const what = `${name} has the address ${address.cidr ?? address.address}: an end of a wire has none`;
    findings.push(
      subject.mode === 'inline'
        ? fail(what, `ip addr flush dev ${name}, or name another interface`)
        : warn(what, 'Not the interface to manage this machine by: name another one.'),
    );
  }
  return findings;
}
