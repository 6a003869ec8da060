/**
 * One policy over all services: what administrators write in rules holds for the events of real
 * captures, whatever the protocol. What must be hit is computed from the events' own fields.
 */
import { describe, expect, test } from 'vitest';
import { rulesFromText } from '../../rules/load.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { feedFrames, loadCapture } from './frames.ts';

const need = needs({ corpus: true });

interface Row {
  readonly capture: string;
  /** `service:identity` of somebody in it. */
  readonly peer: string;
  /** A word of some text in it. */
  readonly word: string;
  /** What must be hit at least once, besides messages. */
  readonly has: readonly ('file.offer' | 'contact.request')[];
}

const ROWS: readonly Row[] = [
  {
    capture: 'recorded/msnp/msnp9-basic-libpurple243.pcap',
    peer: 'msn:carol@retro.test',
    word: 'blocked',
    has: ['contact.request'],
  },
  {
    capture: 'recorded/msnp/msnp15-files-libpurple266.pcap',
    peer: 'msn:bob@retro.test',
    word: 'files',
    has: ['file.offer'],
  },
  {
    capture: 'recorded/ymsg/ymsg16-basic-libpurple2109-scripted.pcap',
    peer: 'yahoo:retro_bob',
    word: 'blocked',
    has: ['contact.request'],
  },
  {
    capture: 'recorded/ymsg/ymsg15-files-libpurple243-scripted.pcap',
    peer: 'yahoo:retro_bob',
    word: 'files',
    has: ['file.offer'],
  },
  {
    capture: 'recorded/oscar/aim-files-libpurple243.pcap',
    peer: 'aim:Bob Retro',
    word: 'files',
    has: ['file.offer'],
  },
  {
    capture: 'recorded/oscar/icq-basic-libpurple243.pcap',
    peer: 'icq:300003',
    word: 'blocked',
    has: [],
  },
  {
    capture: 'recorded/sip/message-udp.pcap',
    peer: 'sip:per@harbor.example',
    word: 'CPIM',
    has: [],
  },
  {
    capture: 'recorded/msrp/msrp-chat-file.pcap',
    peer: 'sip:per@harbor.example',
    word: 'a',
    has: ['file.offer'],
  },
  {
    capture: 'recorded/gadu/libgadu-gg8.pcap',
    peer: 'gadu-gadu:502002',
    word: 'libgadu',
    has: [],
  },
  { capture: 'recorded/mqtt/chat-v311.pcap', peer: 'mqtt:*', word: 'a', has: [] },
  {
    capture: 'nmdc/adc-directconnect-chat-bitsctf.pcapng',
    peer: 'nmdc:illustris',
    word: 'a',
    has: ['file.offer'],
  },
];

function policyFor({ peer, word }: Row): string {
  return `sallyport: 1
lists: { watched: { contacts: ['${peer}'] } }
rules:
  - { id: no-files, on: file.offer, then: drop }
  - { id: no-requests, on: contact.request, if: { origin: server }, then: drop }
  - { id: no-word, on: message, if: { text: { contains: '${word}' } }, then: redact }
  - { id: watched, on: message, if: { peer: { in: watched } }, then: pass, also: log }
`;
}

async function judged(capture: string, policy: string): Promise<ImEvent[]> {
  const { rules, diagnostics } = rulesFromText(policy);
  if (rules === undefined) throw new Error(JSON.stringify(diagnostics));
  const events: ImEvent[] = [];
  const engine = new Engine({ judge: rules, onEvent: (event) => events.push(event) });
  feedFrames((await loadCapture(corpusPath(capture))).frames, engine);
  engine.finish();
  return events;
}

const hitBy = (events: readonly ImEvent[], rule: string) =>
  events.filter(({ verdict }) => verdict?.rule === rule);
const own = ({ account, from, origin }: ImEvent) =>
  from !== undefined && account !== undefined ? from === account : origin === 'client';

describe.skipIf(need.skip)(`rules hold for every service${need.why}`, () => {
  test.each(ROWS.map((row) => [row.capture, row] as const))('%s', async (capture, row) => {
    const events = await judged(capture, policyFor(row));
    const word = row.word.toLowerCase();
    const [service = '', name = ''] = row.peer.toLowerCase().replaceAll(' ', '').split(':');

    const offers = events.filter(({ kind }) => kind === 'file.offer');
    expect(hitBy(events, 'no-files')).toEqual(offers);
    const requests = events.filter((e) => e.kind === 'contact.request' && e.origin === 'server');
    expect(hitBy(events, 'no-requests')).toEqual(requests);
    for (const kind of row.has) {
      expect(kind === 'file.offer' ? offers.length : requests.length, kind).toBeGreaterThan(0);
    }

    const messages = events.filter(({ kind }) => kind === 'message');
    const spoken = messages.filter(({ text, markup }) =>
      `${text ?? ''}\n${markup ?? ''}`.toLowerCase().includes(word),
    );
    expect(spoken.length).toBeGreaterThan(0);
    expect(hitBy(events, 'no-word')).toEqual(spoken);

    if (name === '*') return;
    const others = messages.filter((event) => {
      if (spoken.includes(event) || event.service !== service) return false;
      const parties = own(event) ? (event.to ?? []) : [event.from ?? ''];
      return parties.some((party) => party.toLowerCase() === name);
    });
    expect(hitBy(events, 'watched')).toEqual(others);
  });
});
