/**
 * A small gateway for tests of the fail-safe: carries the wire through the real rings and judges nothing.
 * `node engine.fixture.js OPTIONS`; says what it does as lines of JSON; SIGTERM stops it cleanly, SIGUSR2
 * makes it hand over and take back.
 */
import { InlineRings } from '../../src/capture/afpacket/inline-rings.ts';
import { Fate, type PacketJudge } from '../../src/verdict/wire/packet-judge.ts';
import { SILENT_LOG } from '../log/log.ts';
import { Capability } from '../privileges/capability.ts';
import { dropPrivileges } from '../privileges/drop-privileges.ts';
import { WireGuard, type WireGuardOptions } from './wire-guard.ts';
import { WireSpan } from './wire-span.ts';

const options = JSON.parse(process.argv[2] ?? '') as Omit<WireGuardOptions, 'log'>;
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);

const guard = await WireGuard.start({ ...options, log: SILENT_LOG });
say({ guarded: guard.status });
const rings = new InlineRings({
  interfaceA: options.a,
  interfaceB: options.b,
  ringOctets: 4 << 20,
  fanoutGroup: undefined,
});
dropPrivileges(options.user, {
  effective: [Capability.NetRaw, Capability.NetAdmin],
  passedOn: [Capability.NetAdmin],
});
const span = new WireSpan(new SharedArrayBuffer(WireSpan.OCTETS));
const beats = new Int32Array(new SharedArrayBuffer(4));
let carried = 0;
const judge: PacketJudge = {
  letGo: false,
  changed: false,
  kept: false,
  packet: (frame) => {
    if (!span.holds(frame.time)) return Fate.Drop;
    carried += 1;
    return Fate.Forward;
  },
  tick: () => undefined,
};
process.on('SIGTERM', async () => {
  const until = await guard.stop();
  span.end(until);
  say({ stopped: guard.status, carried });
  // What came in before the kernel had the wire still goes out.
  setTimeout(() => rings.close(), 20);
});
process.on('SIGUSR2', async () => {
  span.end(await guard.handOver());
  say({ handedOver: guard.status });
  span.begin(await guard.take());
  say({ took: guard.status });
});
setInterval(() => say({ status: guard.status }), 200).unref();

guard.watch(beats);
rings.arm();
span.begin(await guard.take());
say({ took: guard.status });
await rings.run(judge, () => {
  Atomics.add(beats, 0, 1);
});
