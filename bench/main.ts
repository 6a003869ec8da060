/**
 * `npm run bench [-- --json FILE] [--runs N]`: what the engine costs, and what others cost on the
 * same captures in the same minutes. Runs are interleaved and medians printed, because the machine's
 * speed drifts; CPU seconds are compared, because it has other work.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { arch, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../test/corpus/table.ts';
import { type BenchCaptures, benchCaptures } from './captures.ts';
import { cpuSeconds, installedPeers, type Peer } from './peers.ts';
import { benchRules, type RuleFigure } from './rules-bench.ts';
import type { OneRun } from './run-one.ts';

interface PeerFigure {
  readonly name: string;
  readonly version: string;
  readonly capture: string;
  readonly microsecondsPerPacket: number; // CPU
  /** Its CPU time divided by the engine's on the same capture: sustained, and on the first pass. */
  readonly timesSustained: number;
  readonly timesFirst: number;
}

interface EngineFigure {
  readonly packetsPerSecond: number;
  readonly gigabitsPerSecond: number;
  readonly microsecondsPerPacket: number; // CPU, all threads
}

/** The whole engine on captures of one protocol. */
interface ProtocolFigure {
  readonly protocol: string;
  readonly eventsPerSecond: number;
  readonly packetsPerSecond: number;
  /** Payload octets of one event differ: files pass in some captures. */
  readonly megabitsPerSecond: number;
}

interface Figures {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly from: string;
  readonly mixedPackets: number;
  readonly mixedFlows: number;
  readonly headersNanosecondsPerPacket: number;
  readonly sustained: EngineFigure;
  readonly first: EngineFigure;
  readonly enginePeakRss: number; // octets
  readonly imEventsPerSecond: number;
  readonly imPacketsPerSecond: number;
  readonly protocols: readonly ProtocolFigure[];
  readonly rules: readonly RuleFigure[];
  readonly peers: readonly PeerFigure[];
}

const { values } = parseArgs({
  options: { json: { type: 'string' }, runs: { type: 'string', default: '3' } },
});
const runs = Number(values.runs);
const say = (line: string) => process.stderr.write(`${line}\n`);

const captures = await benchCaptures();
say(
  `made from ${captures.from}: ${captures.mixed.packets} packets, ${captures.mixed.copies} copies of ${captures.mixed.sources} captures`,
);
const figures = await measureAll(captures);
print(figures);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);

async function measureAll({ mixed, slice, im, protocols, from }: BenchCaptures): Promise<Figures> {
  const peers = installedPeers();
  const headers: OneRun[] = [];
  const engine: OneRun[] = [];
  const engineOnSlice: OneRun[] = [];
  const imRuns: OneRun[] = [];
  const protocolRuns = new Map<string, OneRun[]>([...protocols.keys()].map((name) => [name, []]));
  const peerSeconds = new Map<Peer, number[]>(peers.map((peer) => [peer, []]));
  for (let n = 1; n <= runs; n++) {
    say(`run ${n} of ${runs}`);
    headers.push(runOne('headers', mixed.path));
    engine.push(runOne('engine', mixed.path));
    engineOnSlice.push(runOne('engine', slice.path));
    imRuns.push(runOne('engine', im.path));
    for (const [name, { path }] of protocols) {
      protocolRuns.get(name)?.push(runOne('engine', path));
    }
    for (const peer of peers) {
      const path = isSlow(peer) ? slice.path : mixed.path;
      peerSeconds.get(peer)?.push(cpuSeconds(peer.command(path)));
    }
  }
  say('rules');
  const rules = await benchRules();
  const whole = middle(engine);
  const cpu = (of: readonly OneRun[], kind: 'first' | 'sustained') =>
    median(of.map((run) => run[kind].cpuSeconds));
  const figure = (kind: 'first' | 'sustained'): EngineFigure => {
    const seconds = median(engine.map((run) => run[kind].seconds));
    return {
      packetsPerSecond: whole.packets / seconds,
      gigabitsPerSecond: (whole.octets * 8) / seconds / 1e9,
      microsecondsPerPacket: (cpu(engine, kind) / whole.packets) * 1e6,
    };
  };
  const imRun = middle(imRuns);
  const headersRun = middle(headers);
  return {
    date: new Date().toISOString(),
    machine: `${cpus()[0]?.model.trim() ?? arch()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    from,
    mixedPackets: whole.packets,
    mixedFlows: whole.flows,
    headersNanosecondsPerPacket: (headersRun.sustained.seconds / headersRun.packets) * 1e9,
    sustained: figure('sustained'),
    first: figure('first'),
    enginePeakRss: Math.max(...engine.map((run) => run.peakRss)),
    imEventsPerSecond: imRun.events / imRun.sustained.seconds,
    imPacketsPerSecond: imRun.packets / imRun.sustained.seconds,
    protocols: [...protocolRuns].map(([protocol, of]) => {
      const { events, packets, octets, sustained } = middle(of);
      return {
        protocol,
        eventsPerSecond: events / sustained.seconds,
        packetsPerSecond: packets / sustained.seconds,
        megabitsPerSecond: (octets * 8) / sustained.seconds / 1e6,
      };
    }),
    rules,
    peers: peers.map((peer) => {
      const seconds = median(peerSeconds.get(peer) ?? []);
      const slow = isSlow(peer);
      const same = slow ? engineOnSlice : engine;
      return {
        name: peer.name,
        version: peer.version,
        capture: slow ? `slice of ${slice.packets} packets` : 'mixed',
        microsecondsPerPacket: (seconds / (slow ? slice.packets : mixed.packets)) * 1e6,
        timesSustained: seconds / cpu(same, 'sustained'),
        timesFirst: seconds / cpu(same, 'first'),
      };
    }),
  };
}

/** tshark keeps all it has seen, and is slow: it gets one copy of the mix. */
function isSlow(peer: Peer): boolean {
  return peer.name === 'tshark';
}

function runOne(what: string, capture: string): OneRun {
  const script = fileURLToPath(new URL('run-one.js', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, what, capture], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${what}: ${stderr}`);
  return JSON.parse(stdout);
}

function median(of: readonly number[]): number {
  return [...of].sort((a, b) => a - b)[of.length >> 1] ?? Number.NaN;
}

/** The run in the middle by its sustained speed. */
function middle(of: readonly OneRun[]): OneRun {
  const sorted = [...of].sort((a, b) => a.sustained.seconds - b.sustained.seconds);
  const run = sorted[of.length >> 1];
  if (run === undefined) throw new Error('no runs');
  return run;
}

function print(f: Figures): void {
  const speed = (e: EngineFigure) =>
    `${(e.packetsPerSecond / 1e6).toFixed(2)} M packets/s, ${e.gigabitsPerSecond.toFixed(2)} Gb/s, ` +
    `${e.microsecondsPerPacket.toFixed(2)} µs CPU a packet`;
  const rows: (readonly [string, string])[] = [
    ['decode and flow table', `${f.headersNanosecondsPerPacket.toFixed(0)} ns a packet`],
    ['whole engine, shipped rules, sustained', speed(f.sustained)],
    ['… first pass, with compilation', speed(f.first)],
    [
      'peak memory',
      `${(f.enginePeakRss / 2 ** 20).toFixed(0)} MiB resident, ${f.mixedFlows} flows`,
    ],
    [
      'whole engine, nothing but IM',
      `${f.imEventsPerSecond.toFixed(0)} events/s, ${(f.imPacketsPerSecond / 1e6).toFixed(2)} M packets/s`,
    ],
    ...f.protocols.map(
      (p) =>
        [
          `${p.protocol} alone`,
          `${p.eventsPerSecond.toFixed(0)} events/s, ${(p.packetsPerSecond / 1e6).toFixed(2)} M packets/s, ` +
            `${p.megabitsPerSecond.toFixed(0)} Mb/s`,
        ] as const,
    ),
    ...f.rules.map(
      (r) => [`${r.rules} rules`, `${r.nanosecondsPerEvent.toFixed(0)} ns an event`] as const,
    ),
    ...f.peers.map(
      (p) =>
        [
          `${p.version} (${p.capture})`,
          `${p.microsecondsPerPacket.toFixed(2)} µs CPU a packet: ${p.timesSustained.toFixed(1)} × the engine's, ` +
            `${p.timesFirst.toFixed(1)} × its first pass`,
        ] as const,
    ),
  ];
  process.stdout.write(`${f.machine}, Node ${f.node}; ${f.mixedPackets} packets from ${f.from}\n`);
  table(['what', 'figure'], rows);
}
