/** The section `outputs:` in base units, with defaults where it is silent, and what contradicts itself in it. */
import type { Diagnostics } from '../../rules/source/diagnostic.ts';
import type { YamlSource } from '../../rules/source/yaml-source.ts';
import type { OutputSettings } from '../outputs/output-settings.ts';
import type { BoundedValues } from './bounded-values.ts';
import type { OutputsSection } from './outputs-schema.ts';

const KiB = 1024;
const TiB = 2 ** 40;
const SIZE = { least: 4 * KiB, most: TiB, hint: '4KiB to 1TiB' };
const EVERY = { least: 60_000, most: 366 * 86_400_000, hint: '1m to a year' };
const QUEUE = { least: 512 * KiB, most: 2 ** 30, hint: '512KiB to 1GiB' };

export const DEFAULT_OUTPUT = {
  format: 'native',
  content: true,
  rotate: { size: undefined, every: undefined, keep: 10 },
  queue: 16 * 2 ** 20,
} as const;

/** `resolve`: a path of the file as one of the process. */
export function readOutputs(
  written: OutputsSection = [],
  values: BoundedValues,
  resolve: (path: string) => string,
): OutputSettings[] {
  const preset = DEFAULT_OUTPUT;
  return written.map(({ file, format, content, rotate = {}, queue }, n) => {
    const at = (...path: string[]) => ['outputs', n, ...path];
    return {
      file: resolve(file),
      format: format ?? preset.format,
      content: content ?? preset.content,
      rotate: {
        size: values.octets(rotate.size, at('rotate', 'size'), SIZE),
        every: values.milliseconds(rotate.every, at('rotate', 'every'), EVERY),
        keep: rotate.keep ?? preset.rotate.keep,
      },
      queue: values.octets(queue, at('queue'), QUEUE) ?? preset.queue,
    };
  });
}

export function checkOutputs(
  outputs: readonly OutputSettings[],
  eventsFile: string | undefined,
  written: OutputsSection = [],
  source: YamlSource,
  found: Diagnostics,
): void {
  const seen = new Set(eventsFile === undefined ? [] : [eventsFile]);
  for (const [n, { file, rotate }] of outputs.entries()) {
    if (seen.has(file)) {
      const hint = 'give each output a file of its own';
      found.error(source.place(['outputs', n, 'file']), 'two write into this file', hint);
    }
    seen.add(file);
    if (written[n]?.rotate !== undefined && rotate.size === undefined && !rotate.every) {
      const hint = 'write size, every, or both';
      found.error(source.place(['outputs', n, 'rotate']), 'nothing says when', hint);
    }
  }
}
