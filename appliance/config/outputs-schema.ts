/** The shape of `outputs:` in `sallyport.yaml`. */
import { z } from 'zod';
import { count, duration, flag, note, path, size } from './setting-types.ts';

const rotate = z
  .strictObject({
    size: size.meta(note('A new file is begun before this one grows beyond it.')),
    every: duration.meta(note('And when it is so old.')),
    keep: count(1, 10_000).meta(note('Files kept besides the one that is written.', 10)),
  })
  .partial()
  .meta({ id: 'output-rotate', description: 'Without size and every the file is not rotated.' });

export const outputs = z
  .array(
    z
      .strictObject({
        file: path.meta(note('Events are added to this file, a line each.')),
        format: z
          .enum(['native', 'ecs'])
          .optional()
          .meta(
            note('native: docs/events.md; ecs: Elastic Common Schema, docs/siem.md.', 'native'),
          ),
        content: flag
          .optional()
          .meta(note('What was said, and names of files; false: everything else.', true)),
        rotate: rotate.optional(),
        queue: size
          .optional()
          .meta(note('So much may wait for the disk; what finds no room is counted.', '16MiB')),
      })
      .meta({ id: 'output', description: 'One file of events.' }),
    { error: 'expected a list such as [{ file: ecs.jsonl, format: ecs }]' },
  )
  .max(16);

export type OutputsSection = z.infer<typeof outputs>;
