/** Several sinks as one: each keeps content for itself, or does not. */
import type { ContentSink, ContentWriter } from '../../src/inspect/content/content-sink.ts';

/** undefined: there is none. */
export function contentSinks(sinks: readonly (ContentSink | undefined)[]): ContentSink | undefined {
  const open = sinks.filter((sink) => sink !== undefined);
  if (open.length <= 1) return open[0];
  return {
    open(): ContentWriter | undefined {
      const writers = open.map((sink) => sink.open()).filter((writer) => writer !== undefined);
      if (writers.length <= 1) return writers[0];
      return {
        write(octets) {
          for (const writer of writers) writer.write(octets);
        },
        complete(event) {
          for (const writer of writers) writer.complete(event);
        },
        discard() {
          for (const writer of writers) writer.discard();
        },
      };
    },
  };
}
