/** No messenger is claimed where there is none: the corpus' negatives, through the engine with the services that ship. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openCaptureFile } from '../src/capture/capture-file.ts';
import type { ImEvent } from '../src/event/event.ts';
import { Engine } from '../src/pipeline/engine.ts';
import { replay } from '../src/pipeline/replay.ts';
import { corpusPath } from './support/corpus.ts';
import { needs } from './support/need.ts';
import { shippedServices } from './support/shipped-services.ts';

/** What is right there, although the capture is among the negatives. */
const TRUE: ReadonlySet<string> = new Set([
  'dns.pcap whatsapp lookup e7.whatsapp.net', // it is looked up there, packet by packet visible
]);

const need = needs({ corpus: true });
const folder = corpusPath('negatives');
const captures = need.skip ? [] : readdirSync(folder).sort();

test.skipIf(need.skip)(
  `no messenger in corpus/negatives${need.why}`,
  { timeout: 240_000 },
  async () => {
    const { catalogue, compiled } = shippedServices();
    const messengers = new Set(
      catalogue.services.filter(({ kind }) => kind === 'messenger').map(({ id }) => id),
    );
    const claimed: string[] = [];
    let events = 0;
    for (const capture of captures) {
      const engine = new Engine({
        mode: 'replay',
        services: compiled,
        onEvent: ({ kind, service = '', activity, evidence, host }: ImEvent) => {
          events++;
          if (kind !== 'flow.identified' || evidence === 'content') return;
          if (messengers.has(service)) claimed.push(`${capture} ${service} ${activity} ${host}`);
        },
      });
      const path = `${folder}/${capture}`;
      await replay(engine, [{ path, source: openCaptureFile(path) }], new AbortController().signal);
    }
    expect(captures.length).toBeGreaterThan(30);
    expect(events).toBeGreaterThan(3); // evasions and social networks are seen there
    expect(claimed.filter((one) => !TRUE.has(one))).toEqual([]);
  },
);
