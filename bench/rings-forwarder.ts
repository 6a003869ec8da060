/** `node rings-forwarder.js IF_A IF_B`: carries everything by the rings until SIGTERM; the wire without the engine. */
import { InlineRings } from '../src/capture/afpacket/inline-rings.ts';
import { Fate } from '../src/verdict/wire/packet-judge.ts';

const [interfaceA = '', interfaceB = ''] = process.argv.slice(2);
const rings = new InlineRings({
  interfaceA,
  interfaceB,
  ringOctets: 64 << 20,
  fanoutGroup: undefined,
});
process.on('SIGTERM', () => rings.close());
rings.arm();
process.stdout.write('ready\n');
await rings.run(
  {
    packet: () => Fate.Forward,
    tick: () => {},
    letGo: false,
    changed: false,
    kept: false,
  },
  () => {},
);
process.stdout.write(
  `${JSON.stringify({ a: rings.counters(0), b: rings.counters(1), stages: rings.stages })}\n`,
);
