/** Files of events for other systems: what was written, what waits, what was lost. */
import type { OutputStatus } from '../../outputs/output-file.ts';
import type { Metric, Sample } from '../metric.ts';

function each(of: (output: OutputStatus) => number) {
  return ({ outputs = [] }: { readonly outputs?: readonly OutputStatus[] | undefined }): Sample[] =>
    outputs.map((output) => [{ file: output.file, format: output.format }, of(output)]);
}

const labels = ['file', 'format'] as const;

export const OUTPUT_METRICS: readonly Metric[] = [
  {
    name: 'sallyport_output_events_total',
    type: 'counter',
    help: 'Events written to an output (`outputs:`).',
    labels,
    advice:
      'Stands still while there are events: the disk is full, or the reader of a pipe has gone.',
    samples: each(({ written }) => written),
  },
  {
    name: 'sallyport_output_lost_events_total',
    type: 'counter',
    help: 'Events that an output lost: its queue was full, or its file could not be written.',
    labels,
    advice: 'Any: the disk is slower than the events, or full. The archive has them all the same.',
    samples: each(({ lost }) => lost),
  },
  {
    name: 'sallyport_output_queue_bytes',
    type: 'gauge',
    help: 'Octets of events that wait to be written.',
    labels,
    advice: 'Near `queue`: events will be lost.',
    samples: each(({ queued }) => queued),
  },
  {
    name: 'sallyport_output_rotations_total',
    type: 'counter',
    help: 'Times the file was put aside for a new one.',
    labels,
    advice: 'For sizing `rotate`.',
    samples: each(({ rotations }) => rotations),
  },
];
