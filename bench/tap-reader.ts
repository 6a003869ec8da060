/**
 * `node tap-reader.js BACKEND IFACE WARM FRAMES`: reads so many frames with a backend, decodes their headers,
 * and says as JSON what a frame cost after the first WARM.
 */
import type { CaptureBackend } from '../src/capture/live-source.ts';
import { openLive } from '../src/capture/open-live.ts';
import { Decoder } from '../src/decode/decoder.ts';
import { PacketView } from '../src/decode/packet-view.ts';
import { DEFAULT_LIMITS } from '../src/limits.ts';

export interface TapFigure {
  readonly backend: string;
  readonly received: number;
  readonly dropped: number;
  readonly fed: number;
  /** CPU of the whole process, user and system. */
  readonly nanosecondsPerFrame: number;
}

/** Milliseconds without a frame after which nothing more is expected. */
const QUIET = 1000;

const [backend = '', interfaceName = '', warm = '0', frames = '0'] = process.argv.slice(2);
const { source } = await openLive(backend as CaptureBackend, {
  interfaceName,
  filter: undefined,
  ringOctets: 64 << 20,
  snapLength: 65535,
  promiscuous: true,
  fanoutGroup: undefined,
  hardwareTime: false,
});
const decoder = new Decoder(DEFAULT_LIMITS, { checksums: false });
const view = new PacketView();
const first = Number(warm);
const last = Number(frames);
let begin: NodeJS.CpuUsage | undefined;
let fed = 0;
let seen = Date.now() + 10_000;
let before = 0;
process.stdout.write('ready\n');
await source.run(
  {
    frame: (frame) => {
      fed++;
      if (fed === first) begin = process.cpuUsage();
      decoder.decode(frame, view);
    },
  },
  () => {
    if (fed !== before) seen = Date.now() + QUIET;
    before = fed;
    if (fed >= last || Date.now() > seen) source.close();
  },
);
const end = process.cpuUsage();
const { received, dropped } = source.counters();
const from = begin ?? end;
const figure: TapFigure = {
  backend,
  received,
  dropped,
  fed,
  nanosecondsPerFrame: ((end.user - from.user + end.system - from.system) * 1000) / (fed - first),
};
process.stdout.write(`${JSON.stringify(figure)}\n`, () => process.exit(0));
