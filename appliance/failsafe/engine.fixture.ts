/**
 * A small gateway for tests of the fail-safe: a worker thread carries the wire through the real rings and
 * judges nothing. `node engine.fixture.js OPTIONS`; says what it does as lines of JSON; SIGTERM stops it
 * cleanly, SIGUSR2 makes it hand over and take back.
 */
import { Worker, workerData } from 'node:worker_threads';
import { InlineRings } from '../../src/capture/afpacket/inline-rings.ts';
import { Fate, type PacketJudge } from '../../src/verdict/wire/packet-judge.ts';
import { SILENT_LOG } from '../log/log.ts';
import { Capability } from '../privileges/capability.ts';
import { dropPrivileges } from '../privileges/drop-privileges.ts';
import { WireGuard, type WireGuardOptions, type WireGuardSettings } from './wire-guard.ts';
import { WireSpan } from './wire-span.ts';

interface Setup {
  readonly a: string;
  readonly b: string;
  readonly memory: SharedArrayBuffer;
  readonly beats: SharedArrayBuffer;
}

const setup = workerData as Setup | null;
if (setup !== null) await carry(setup);
else await guardWire();

async function guardWire(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '') as Omit<WireGuardOptions, 'log'> & {
    /** As it must not be. */
    readonly keepRoot?: boolean;
    /** What is changed once it carries the wire. */
    readonly later?: WireGuardSettings;
  };
  const { a, b } = options;
  const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
  const guard = await WireGuard.start({ ...options, log: SILENT_LOG });
  say({ guarded: guard.status });

  const span = new WireSpan();
  const beats = new Int32Array(new SharedArrayBuffer(8));
  const data: Setup = { a, b, memory: span.memory, beats: beats.buffer as SharedArrayBuffer };
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  while (Atomics.load(beats, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  dropPrivileges(options.keepRoot === true ? undefined : options.user, {
    effective: [Capability.NetRaw, Capability.NetAdmin],
    passedOn: [Capability.NetAdmin],
  });
  process.on('SIGTERM', async () => {
    await span.pause(1);
    span.end(await guard.stop());
    say({ stopped: guard.status });
    // What came in before the kernel had the wire still goes out.
    setTimeout(() => Atomics.store(beats, 1, 1), 20);
  });
  process.on('SIGUSR2', async () => {
    await span.pause(1);
    span.end(await guard.handOver());
    say({ handedOver: guard.status });
    await span.pause(1);
    span.begin(await guard.take());
    say({ tookBack: guard.status });
  });
  setInterval(() => say({ status: guard.status }), 200).unref();
  guard.watch(beats.subarray(0, 1));
  span.begin(await guard.take());
  say({ took: guard.status });
  if (options.later !== undefined) {
    await guard.change(options.later);
    say({ changed: guard.status });
  }
  await new Promise((resolve) => worker.on('exit', resolve));
  process.exit();
}

async function carry({ a, b, memory, beats }: Setup): Promise<void> {
  const span = new WireSpan(memory);
  /** [0] counts turns; [1] is 1 when it is to end. */
  const words = new Int32Array(beats);
  const rings = new InlineRings({
    interfaceA: a,
    interfaceB: b,
    ringOctets: 4 << 20,
    fanoutGroup: undefined,
  });
  rings.arm();
  const judge: PacketJudge = {
    letGo: false,
    changed: false,
    kept: false,
    packet: (frame) => (span.holds(frame.time) ? Fate.Forward : Fate.Drop),
    tick: () => undefined,
  };
  const turn = () => {
    Atomics.add(words, 0, 1);
    return Atomics.load(words, 1) === 0;
  };
  span.rest(turn);
  await rings.run(judge, () => {
    span.rest(turn);
    if (!turn()) rings.close();
  });
}
