/**
 * A station that carries frames between `inside` and `outside` as its disturbance says. Argument: the
 * DisturbanceSpec as JSON. Writes a line for everything it does to a frame.
 */
import { writeSync } from 'node:fs';
import { Disturbance } from './disturbance.ts';
import { RawPort, untilFrame } from './raw-port.ts';

interface Waiting {
  readonly octets: Uint8Array;
  readonly out: RawPort;
  readonly due: number;
}

const ports = [new RawPort('inside'), new RawPort('outside')] as const;
const waiting: Waiting[] = [];
const disturbance = new Disturbance(
  JSON.parse(process.argv[2] ?? ''),
  (octets, from, delay) => {
    const out = ports[from === 0 ? 1 : 0];
    if (delay === 0) out.send(octets);
    else waiting.push({ octets, out, due: performance.now() + delay });
  },
  (what) => {
    // Not process.stdout: this thread never comes back to its event loop.
    writeSync(1, `${what}\n`);
  },
);

for (;;) {
  untilFrame(ports, waiting.length > 0 ? 1 : 100);
  for (const side of [0, 1] as const) {
    ports[side].receive((octets) => disturbance.frame(octets.slice(), side));
  }
  const now = performance.now();
  for (const next of waiting.filter(({ due }) => due <= now)) {
    waiting.splice(waiting.indexOf(next), 1);
    next.out.send(next.octets);
  }
}
