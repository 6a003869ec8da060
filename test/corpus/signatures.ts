/** Which signatures flows of a capture show: the engine, with a catalogue that knows every signature and nothing else. */
import type { ImEvent } from '../../src/event/event.ts';
import type { ServiceCatalogue } from '../../src/inspect/service-catalogue.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { feedFrames, loadCapture } from './frames.ts';

/** Names by which TLS tells of itself, and no first octets. */
const OF_TLS = /^(alpn|ja[34]):/;

const EVERY_SIGNATURE: ServiceCatalogue = {
  byHost: () => undefined,
  byAddress: () => undefined,
  bySignature: (name) =>
    OF_TLS.test(name)
      ? undefined
      : { service: name, activity: undefined, confidence: 'high', shared: false },
};

/** The `flow.identified` of each flow that shows one; its service is the signature's name. */
export async function signaturesIn(path: string): Promise<ImEvent[]> {
  const { frames } = await loadCapture(path);
  const events: ImEvent[] = [];
  const engine = new Engine({
    mode: 'replay',
    services: EVERY_SIGNATURE,
    onEvent: (event) => events.push(event),
  });
  feedFrames(frames, engine);
  engine.finish();
  return events.filter(
    ({ kind, evidence }) => kind === 'flow.identified' && evidence === 'signature',
  );
}
