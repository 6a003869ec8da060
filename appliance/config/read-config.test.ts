import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../rules/source/diagnostic.ts';
import type { Host } from './check-config.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { configFromText, readConfig } from './read-config.ts';

const TAP = 'sallyport: 1\nmode: tap\ninterfaces: [eth1]\n';
const BRIDGE = 'sallyport: 1\nmode: inline\ninterfaces: [eth1, eth2]\n';
const QUEUE = 'sallyport: 1\nmode: nfqueue\n';
const HOST: Host = { interfaces: ['lo', 'eth1', 'eth2'], cpus: 2, memory: 2 ** 30 };

function found(text: string, host?: Host): string[] {
  return configFromText(text, 'c.yaml', host).diagnostics.map(formatDiagnostic);
}

describe('what is right', () => {
  test('the least: a mode and its interfaces, all else by default', () => {
    const { settings, diagnostics } = configFromText(TAP, 'c.yaml', HOST);
    expect(diagnostics).toEqual([]);
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'tap', interfaces: ['eth1'] });
  });

  test('every setting arrives, in base units, paths relative to the file', () => {
    const { settings, diagnostics } = configFromText(
      `sallyport: 1
mode: inline
interfaces: [eth1, eth2]
capture: { backend: afpacket, ring: 1.5MiB, promiscuous: true, hardware-time: true }
workers: 2
pin-workers: true
rules: [policy/, /etc/x.yaml]
directory: people.csv
watch: false
events: log/events.jsonl
admin: { listen: '[::1]:99', token-file: t, metrics: token }
inline: { on-failure: closed, failure-timeout: 1s, hold-time: 150ms, hold-octets: 10kB }
queue: { number: 5, mark: 0x10, max-length: 100, on-failure: closed }
user: nobody
log: { level: warn, format: json }
limits: { flows: 4096, parserOctets: 32MiB, expectedTimeout: 2m, fragmentTimeout: 5 }
`,
      '/etc/sallyport/c.yaml',
    );
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      "/etc/sallyport/c.yaml:13:1: warning: 'queue' does nothing in mode inline (it is of mode nfqueue)",
    ]);
    expect(settings).toMatchObject({
      mode: 'inline',
      interfaces: ['eth1', 'eth2'],
      capture: {
        backend: 'afpacket',
        filter: undefined,
        ringOctets: 1.5 * 2 ** 20,
        hardwareTime: true,
      },
      workers: 2,
      pinWorkers: true,
      policy: {
        rules: ['/etc/sallyport/policy/', '/etc/x.yaml'],
        directory: '/etc/sallyport/people.csv',
        watch: false,
      },
      eventsFile: '/etc/sallyport/log/events.jsonl',
      admin: {
        listen: { address: '::1', port: 99 },
        tokenFile: '/etc/sallyport/t',
        metrics: 'token',
      },
      inline: { onFailure: 'closed', failureTimeout: 1000, holdTime: 150, holdOctets: 10_000 },
      queue: { number: 5, mark: 16, maxLength: 100, onFailure: 'closed' },
      user: 'nobody',
      log: { level: 'warn', format: 'json' },
      limits: { flows: 4096, parserOctets: 2 ** 25, expectedTimeout: 120, fragmentTimeout: 5 },
    });
  });

  test.each([
    ['no admin server', `${TAP}admin: false\n`, { admin: { listen: undefined } }],
    ['no rules at all', `${TAP}rules: []\n`, { policy: { rules: [] } }],
    ['one path of rules', `${TAP}rules: a.yaml\n`, { policy: { rules: ['a.yaml'] } }],
    ['events to standard output', `${TAP}events: '-'\n`, { eventsFile: '-' }],
    ['a queue', QUEUE, { mode: 'nfqueue', interfaces: [] }],
  ])('%s', (_, text, settings) => {
    const read = configFromText(text, 'c.yaml');
    expect(read.diagnostics).toEqual([]);
    expect(read.settings).toMatchObject(settings);
  });
});

describe('mistakes', () => {
  test.each([
    ['', ['c.yaml:1:1: the file: expected keys and values (nothing is there)']],
    ['[', ['c.yaml:1:2: Flow sequence must end with a ]']],
    [
      'mode: tap\ninterfaces: [eth1]',
      ["c.yaml:1:1: the configuration lacks 'sallyport' (sallyport: 1)"],
    ],
    [
      'sallyport: 2\nmode: nfqueue',
      ["c.yaml:1:12: 'sallyport': the configuration version is 1: sallyport: 1"],
    ],
    ['sallyport: 1', ["c.yaml:1:1: the configuration lacks 'mode' (one of: tap, inline, nfqueue)"]],
    [
      'sallyport: 1\nmode: bridge\nworkers: 0',
      [
        "c.yaml:2:7: 'mode' cannot be 'bridge' (one of: tap, inline, nfqueue)",
        "c.yaml:3:10: 'workers' is too small or empty (at least 1)",
      ],
    ],
    ['sallyport: 1\nmode: tap', ['c.yaml:1:1: a tap needs an interface (interfaces: [eth1])']],
    [
      'sallyport: 1\nmode: inline\ninterfaces: [eth1]',
      ['c.yaml:3:13: a bridge has two interfaces, here are 1 (interfaces: [eth1, eth2])'],
    ],
    [
      'sallyport: 1\nmode: inline\ninterfaces: [eth1, eth1]',
      ["c.yaml:3:20: 'eth1' is named twice (a bridge has two ends)"],
    ],
    [
      `${QUEUE}interfaces: [eth1]`,
      [
        'c.yaml:3:13: a netfilter queue has no interfaces (nftables or iptables choose the packets)',
      ],
    ],
    [
      'sallyport: 1\nmode: tap\ninterfaces: [enp0s31f6averylong, a/b]',
      [
        "c.yaml:3:14: 'enp0s31f6averylong' cannot be the name of an interface (up to 15 characters without spaces, '/' and ':')",
        "c.yaml:3:34: 'a/b' cannot be the name of an interface (up to 15 characters without spaces, '/' and ':')",
      ],
    ],
    [
      `${TAP}ruels: policy/`,
      ["c.yaml:4:1: the configuration knows no 'ruels' (did you mean 'rules'?)"],
    ],
    [
      `${BRIDGE}inline: { on-failure: opne, hold: 1s }`,
      [
        "c.yaml:4:23: 'on-failure' cannot be 'opne' (did you mean 'open'?)",
        "c.yaml:4:29: 'inline' knows no 'hold' (did you mean 'hold-time'?)",
      ],
    ],
    [
      `${BRIDGE}inline: { hold-time: 200, hold-octets: many }`,
      [
        "c.yaml:4:22: 'hold-time': expected a duration such as 200ms or 1s ('200' is there)",
        "c.yaml:4:40: 'hold-octets': expected a size such as 64MiB (2^20 octets), 14kB (10^3) or 4096",
      ],
    ],
    [
      `${BRIDGE}inline: { hold-time: 5s, failure-timeout: 1ms, hold-octets: 2MiB }`,
      [
        "c.yaml:4:22: 'hold-time' is too large: 5s (10ms to 1s: senders wait no longer)",
        "c.yaml:4:43: 'failure-timeout' is too small: 1ms (100ms to 10s)",
        "c.yaml:4:61: 'hold-octets' is too large: 2MiB (1500 to 1MiB)",
      ],
    ],
    [
      `${TAP}capture: { ring: 4kB, snap-length: 1MB, backend: dpdk }`,
      [
        "c.yaml:4:18: 'ring' is too small: 4kB (1MiB to 4GiB)",
        "c.yaml:4:36: 'snap-length': expected a whole number ('1MB' is there)",
        "c.yaml:4:50: 'backend' cannot be 'dpdk' (one of: auto, afpacket, cap, pcap)",
      ],
    ],
    [
      `${BRIDGE}capture: { filter: tcp, backend: pcap, promiscuous: false }`,
      [
        'c.yaml:4:12: a bridge has no filter (what it leaves out would not be carried)',
        "c.yaml:4:34: 'pcap' can read packets, but not carry them (write afpacket, or leave it out)",
        'c.yaml:4:53: a bridge is promiscuous (leave it out: frames for other hosts would not be carried)',
      ],
    ],
    [
      `${TAP}admin: { listen: 'example', metrics: all }`,
      [
        "c.yaml:4:18: 'example' is not an address and port (write 127.0.0.1:9580, [::1]:9580 or 9580)",
        "c.yaml:4:38: 'metrics' cannot be 'all' (one of: loopback, token, open)",
      ],
    ],
    [
      `${TAP}admin: true`,
      ["c.yaml:4:8: 'admin': expected false, or listen:, token-file:, metrics:"],
    ],
    [
      `${TAP}limits: { flow: 1, flows: 3, parserOctets: 1kB, tunnelDepth: 1.5, retainedPerDirection: 100kB }`,
      [
        "c.yaml:4:11: 'limits' knows no 'flow' (did you mean 'flows'?)",
        "c.yaml:4:27: 'flows' is too small or empty (at least 1024)",
        "c.yaml:4:44: 'parserOctets' is too small: 1kB (16MiB to 64GiB)",
        "c.yaml:4:62: 'tunnelDepth': expected a whole number ('1.5' is there)",
        "c.yaml:4:89: 'retainedPerDirection' is not a power of two: 100kB (1MiB, 2MiB, …)",
      ],
    ],
    [
      `${QUEUE}queue: { number: 65535, mark: 0 }\nworkers: 2`,
      [
        "c.yaml:3:31: 'mark' is too small or empty (at least 1)",
        "c.yaml:3:18: the last worker's queue would be 65536 (queues end at 65535)",
      ].reverse(),
    ],
    [`${TAP}rules: 7`, ["c.yaml:4:8: 'rules': expected a path, or a list of paths"]],
    [`${TAP}mode: tap`, ["c.yaml:4:1: the key 'mode' is there twice"]],
  ])('%s', (text, lines) => {
    expect(found(text)).toEqual(lines);
    expect(configFromText(text).settings).toBeUndefined();
  });

  test('a file that is not there, or no text', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-config-'));
    const file = join(folder, 'c.yaml');
    expect(readConfig(file).diagnostics.map(formatDiagnostic)).toEqual([
      `${file}:1:1: cannot read this configuration (no such file or directory)`,
    ]);
    writeFileSync(file, Buffer.from('d4c3b2a100', 'hex'));
    expect(readConfig(file).diagnostics.map(formatDiagnostic)).toEqual([
      `${file}:1:1: cannot read this configuration (this is not a text file (looks like a pcap capture))`,
    ]);
    rmSync(folder, { recursive: true });
    expect(readConfig('/dev/zero').diagnostics.map(formatDiagnostic)).toEqual([
      '/dev/zero:1:1: cannot read this configuration (larger than 1 MiB)',
    ]);
  });
});

describe('doubts', () => {
  test.each([
    [
      `${TAP}inline: { on-failure: open }`,
      [
        "c.yaml:4:1: warning: 'inline' does nothing in mode tap (a tap carries no packets: it cannot fail open or hold)",
      ],
    ],
    [
      `${BRIDGE}tap: { reset-interface: eth3 }\nqueue: {}`,
      [
        "c.yaml:4:1: warning: 'tap' does nothing in mode inline (only a tap sends resets from elsewhere)",
        "c.yaml:5:1: warning: 'queue' does nothing in mode inline (it is of mode nfqueue)",
      ],
    ],
    [
      `${QUEUE}capture: {}\ninline: { on-failure: open, hold-time: 100ms }`,
      [
        "c.yaml:3:1: warning: 'capture' does nothing in mode nfqueue (nftables or iptables choose the packets)",
        "c.yaml:4:11: warning: 'inline.on-failure' does nothing in mode nfqueue (see 'queue')",
      ],
    ],
    [
      `${TAP}capture: { snap-length: 96 }`,
      ['c.yaml:4:25: warning: messages in longer packets cannot be read (at least 1514)'],
    ],
    [
      `${TAP}tap: { reset-interface: eth1 }`,
      [
        "c.yaml:4:25: warning: resets go out on 'eth1', which is read (a mirror port seldom takes packets in)",
      ],
    ],
    [
      `${TAP}admin: { listen: '0.0.0.0:9580', metrics: open }`,
      [
        'c.yaml:4:18: warning: the token can be read on its way to 0.0.0.0: there is no TLS (listen on 127.0.0.1, behind a proxy that speaks TLS)',
        'c.yaml:4:43: warning: metrics tell whoever can connect what is said here, and how much of it (loopback or token)',
      ],
    ],
    [
      `${BRIDGE}inline: { hold-octets: 20kB, failure-timeout: 150ms }`,
      [
        'c.yaml:4:24: warning: more than a sender sends before the first of it is acknowledged (at most 14600, the initial window; what is held longer waits for nothing)',
        'c.yaml:4:47: warning: the watchdog may take the wire from an engine that works (a busy machine may be silent so long: at least 200ms)',
      ],
    ],
  ])('%s', (text, lines) => {
    expect(found(text)).toEqual(lines);
    expect(configFromText(text).settings).toBeDefined();
  });

  test('of the machine it is to run on', () => {
    const text =
      'sallyport: 1\nmode: tap\ninterfaces: [eth3, eth1]\nworkers: 5\ncapture: { ring: 100MiB }';
    expect(found(text, HOST)).toEqual([
      "c.yaml:3:14: warning: this host has no interface 'eth3' (did you mean 'eth1'?)",
      'c.yaml:4:10: warning: 5 workers share 2 CPUs (at most 2)',
      'c.yaml:5:18: warning: the rings take 1000 MiB (this machine has 1024 MiB)',
    ]);
    expect(found(text)).toEqual([]);
  });
});
