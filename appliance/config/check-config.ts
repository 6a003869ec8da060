/** What in a configuration contradicts itself, is dangerous, or does nothing. */
import type { Diagnostics, Place } from '../../rules/source/diagnostic.ts';
import { suggest } from '../../rules/source/suggest.ts';
import type { Path, YamlSource } from '../../rules/source/yaml-source.ts';
import { checkArchive } from './check-archive.ts';
import type { ConfigFile } from './config-schema.ts';
import { checkOutputs } from './outputs-reader.ts';
import { isLoopback } from './quantities.ts';
import type { GatewayMode, GatewaySettings } from './settings.ts';

/** The machine that a configuration is for. */
export interface Host {
  readonly interfaces: readonly string[];
  readonly cpus: number;
  /** Octets of memory. */
  readonly memory: number;
}

/** Linux: IFNAMSIZ is 16 with the final NUL (linux/if.h). */
const LONGEST_NAME = 15;
/** RFC 6928: ten segments of 1460 octets are all that a sender sends unacknowledged at first. */
const INITIAL_WINDOW = 14_600;
/** A busy machine may well be silent for so many milliseconds. */
const NERVOUS = 200;
const WHOLE_FRAME = 1514;

export function checkConfig(
  settings: GatewaySettings,
  written: ConfigFile,
  source: YamlSource,
  found: Diagnostics,
  host: Host | undefined,
): void {
  const checks = new ConfigChecks(settings, written, source, found);
  checks.version();
  checks.interfaces();
  checks.sections();
  checks.capture();
  checks.bridge();
  checks.queue();
  checks.admin();
  checkOutputs(settings.outputs, settings.eventsFile, written.outputs, source, found);
  checkArchive(settings, written, source, found);
  if (host !== undefined && !found.failed) checks.host(host);
}

class ConfigChecks {
  readonly #settings: GatewaySettings;
  readonly #written: ConfigFile;
  readonly #source: YamlSource;
  readonly #found: Diagnostics;

  constructor(
    settings: GatewaySettings,
    written: ConfigFile,
    source: YamlSource,
    found: Diagnostics,
  ) {
    this.#settings = settings;
    this.#written = written;
    this.#source = source;
    this.#found = found;
  }

  version(): void {
    if (this.#says('sallyport')) return;
    this.#found.error(
      this.#source.place([]),
      "the configuration lacks 'sallyport'",
      'sallyport: 1',
    );
  }

  interfaces(): void {
    const { mode, interfaces } = this.#settings;
    if (!this.#says('mode')) {
      const hint = 'one of: tap, inline, nfqueue';
      this.#found.error(this.#source.place([]), "the configuration lacks 'mode'", hint);
      return;
    }
    if (this.#written.mode === undefined) return; // written, and wrong
    const place = this.#says('interfaces') ? this.#at(['interfaces']) : this.#source.place([]);
    const fault = wrongNumber(mode, interfaces.length);
    if (
      fault !== undefined &&
      (this.#written.interfaces !== undefined || !this.#says('interfaces'))
    ) {
      this.#found.error(place, ...fault);
    }
    for (const [i, name] of interfaces.entries()) {
      this.#interfaceName(name, ['interfaces', i]);
      if (interfaces.indexOf(name) === i) continue;
      const hint = mode === 'inline' ? 'a bridge has two ends' : undefined;
      this.#found.error(this.#at(['interfaces', i]), `'${name}' is named twice`, hint);
    }
    const { resetInterface } = this.#settings.tap;
    if (resetInterface === undefined) return;
    const path = ['tap', 'reset-interface'];
    this.#interfaceName(resetInterface, path);
    if (mode === 'tap' && interfaces.includes(resetInterface)) {
      const hint = 'a mirror port seldom takes packets in';
      this.#found.warn(this.#at(path), `resets go out on '${resetInterface}', which is read`, hint);
    }
  }

  /** Sections that do nothing in this mode. */
  sections(): void {
    const { mode } = this.#settings;
    if (this.#written.mode === undefined) return;
    if (mode !== 'tap') this.#idle('tap', 'only a tap sends resets from elsewhere');
    if (mode === 'tap')
      this.#idle('inline', 'a tap carries no packets: it cannot fail open or hold');
    if (mode === 'nfqueue') {
      for (const key of ['on-failure', 'on-stop', 'failure-timeout']) {
        this.#idleKey(['inline', key], "see 'queue'");
      }
    }
    if (mode !== 'nfqueue') this.#idle('queue', 'it is of mode nfqueue');
  }

  capture(): void {
    const { mode, capture } = this.#settings;
    if (this.#written.mode === undefined) return;
    if (mode === 'tap') {
      if (capture.snapLength < WHOLE_FRAME) {
        const hint = `at least ${WHOLE_FRAME}`;
        const what = 'messages in longer packets cannot be read';
        this.#found.warn(this.#at(['capture', 'snap-length']), what, hint);
      }
      return;
    }
    if (mode === 'nfqueue') {
      this.#idle('capture', 'nftables or iptables choose the packets');
      return;
    }
    if (capture.filter !== undefined) {
      const hint = 'what it leaves out would not be carried';
      this.#found.error(this.#key(['capture', 'filter']), 'a bridge has no filter', hint);
    }
    if (capture.backend === 'cap' || capture.backend === 'pcap') {
      const hint = 'write afpacket, or leave it out';
      const what = `'${capture.backend}' can read packets, but not carry them`;
      this.#found.error(this.#at(['capture', 'backend']), what, hint);
    }
    if (!capture.promiscuous) {
      const hint = 'leave it out: frames for other hosts would not be carried';
      this.#found.error(this.#at(['capture', 'promiscuous']), 'a bridge is promiscuous', hint);
    }
    this.#idleKey(['capture', 'snap-length'], 'a bridge reads whole packets');
  }

  bridge(): void {
    const { mode, inline } = this.#settings;
    if (mode === 'tap') return;
    if (inline.holdOctets > INITIAL_WINDOW) {
      const what = 'more than a sender sends before the first of it is acknowledged';
      const hint = `at most ${INITIAL_WINDOW}, the initial window; what is held longer waits for nothing`;
      this.#found.warn(this.#at(['inline', 'hold-octets']), what, hint);
    }
    if (mode === 'inline' && inline.failureTimeout < NERVOUS) {
      const hint = `a busy machine may be silent so long: at least ${NERVOUS}ms`;
      const what = 'the watchdog may take the wire from an engine that works';
      this.#found.warn(this.#at(['inline', 'failure-timeout']), what, hint);
    }
  }

  queue(): void {
    const { mode, queue, workers } = this.#settings;
    if (mode !== 'nfqueue' || queue.number + workers <= 65_536) return;
    const what = `the last worker's queue would be ${queue.number + workers - 1}`;
    this.#found.error(this.#at(['queue', 'number']), what, 'queues end at 65535');
  }

  admin(): void {
    const { listen, metrics } = this.#settings.admin;
    if (listen === undefined || isLoopback(listen.address)) return;
    const place = this.#at(['admin', 'listen']);
    const what = `the token can be read on its way to ${listen.address}: there is no TLS`;
    this.#found.warn(place, what, 'listen on 127.0.0.1, behind a proxy that speaks TLS');
    if (metrics !== 'open') return;
    const open = 'metrics tell whoever can connect what is said here, and how much of it';
    this.#found.warn(this.#at(['admin', 'metrics']), open, 'loopback or token');
  }

  host({ interfaces: present, cpus, memory }: Host): void {
    const { interfaces, workers, tap, capture } = this.#settings;
    for (const [i, name] of interfaces.entries()) {
      this.#presence(name, ['interfaces', i], present);
    }
    if (tap.resetInterface !== undefined) {
      this.#presence(tap.resetInterface, ['tap', 'reset-interface'], present);
    }
    if (workers > cpus) {
      const what = `${workers} workers share ${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`;
      this.#found.warn(this.#at(['workers']), what, `at most ${cpus}`);
    }
    const rings = capture.ringOctets * workers * interfaces.length;
    if (rings > memory / 2) {
      const what = `the rings take ${Math.round(rings / 2 ** 20)} MiB`;
      const hint = `this machine has ${Math.round(memory / 2 ** 20)} MiB`;
      this.#found.warn(this.#at(['capture', 'ring']), what, hint);
    }
  }

  #presence(name: string, path: Path, present: readonly string[]): void {
    if (present.includes(name)) return;
    this.#found.warn(
      this.#at(path),
      `this host has no interface '${name}'`,
      suggest(name, present),
    );
  }

  #interfaceName(name: string, path: Path): void {
    if (
      /^[^\s/:]+$/.test(name) &&
      Buffer.byteLength(name) <= LONGEST_NAME &&
      !/^\.\.?$/.test(name)
    ) {
      return;
    }
    const hint = `up to ${LONGEST_NAME} characters without spaces, '/' and ':'`;
    this.#found.error(this.#at(path), `'${name}' cannot be the name of an interface`, hint);
  }

  #idle(section: 'tap' | 'inline' | 'queue' | 'capture', hint: string): void {
    this.#idleKey([section], hint);
  }

  #idleKey(path: Path, hint: string): void {
    if (!this.#says(...path)) return;
    const name = path.join('.');
    const what = `'${name}' does nothing in mode ${this.#settings.mode}`;
    this.#found.warn(this.#key(path), what, hint);
  }

  /** Whether something, right or wrong, is written there. */
  #says(...path: Path): boolean {
    let value: unknown = this.#source.value;
    for (const step of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
      value = (value as { [key: PropertyKey]: unknown })[step];
    }
    return true;
  }

  #at(path: Path): Place {
    return this.#source.place(path);
  }

  #key(path: Path): Place {
    return this.#source.keyPlace(path);
  }
}

/** What and why, or undefined. */
function wrongNumber(mode: GatewayMode, interfaces: number): [string, string] | undefined {
  switch (mode) {
    case 'tap':
      return interfaces > 0 ? undefined : ['a tap needs an interface', 'interfaces: [eth1]'];
    case 'inline':
      return interfaces === 2
        ? undefined
        : [`a bridge has two interfaces, here are ${interfaces}`, 'interfaces: [eth1, eth2]'];
    case 'nfqueue':
      return interfaces === 0
        ? undefined
        : ['a netfilter queue has no interfaces', 'nftables or iptables choose the packets'];
  }
}
