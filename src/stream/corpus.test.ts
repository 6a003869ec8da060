/**
 * Captures with reordering, loss and repetition. Octets and holes were counted apart from this
 * program: the sequence ranges that tshark 4.0 prints, as a set.
 */
import { describe, expect, test } from 'vitest';
import { corpusPath } from '../../test/support/corpus.ts';
import { needs } from '../../test/support/need.ts';
import { openCaptureFile } from '../capture/capture-file.ts';
import { Decoder } from '../decode/decoder.ts';
import { Decoded, PacketView } from '../decode/packet-view.ts';
import { Disposition } from '../flow/disposition.ts';
import { FlowTable } from '../flow/table.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { StreamListener } from './listener.ts';
import { Streams } from './streams.ts';

interface Heard {
  octets: number;
  gaps: string[];
  retransmissions: number;
  conflicts: number;
}

async function replay(file: string): Promise<Heard> {
  const table = new FlowTable(DEFAULT_LIMITS, Uint32Array.of(1, 2, 3, 4));
  const heard: Heard = { octets: 0, gaps: [], retransmissions: 0, conflicts: 0 };
  const listener: StreamListener = {
    opened: (slot) => table.setDisposition(slot, Disposition.Session),
    data(_slot, _direction, _buffer, start, end) {
      heard.octets += end - start;
    },
    gap: (_slot, _direction, octets, cause) => heard.gaps.push(`${octets} ${cause}`),
    ended() {},
    closed() {},
    anomaly(_slot, _direction, name) {
      if (name === 'conflicting-overlap') heard.conflicts++;
    },
  };
  const streams = new Streams(table, DEFAULT_LIMITS, listener);
  const decoder = new Decoder(DEFAULT_LIMITS, { checksums: false });
  const view = new PacketView();
  await openCaptureFile(corpusPath('tcp-hard', file)).run({
    frame(frame) {
      const decoded = decoder.decode(frame, view);
      if (decoded === Decoded.Tcp || decoded === Decoded.Udp) streams.packet(view);
    },
  });
  streams.finish();
  heard.retransmissions = streams.counters.retransmissions;
  return heard;
}

const need = needs({ corpus: true });

describe.skipIf(need.skip)(`captures of hard TCP${need.why}`, () => {
  test.each<[string, number, string[], number]>([
    ['zeek-ssh-dups.pcap', 7978, [], 162],
    ['arkime-wireshark-retrans.pcap', 5798, [], 36],
    ['pcpp-one_tcp_stream.pcap', 22392, [], 2],
    ['pcpp-one_tcp_stream_max_seq.pcap', 22392, [], 2],
    ['sv-bug-4376-syn_retransmit_with_ts.pcap', 182660, [], 18],
    ['cs-tcp_retransmissions.pcapng', 648, [], 5],
    ['sv-http-gap-simple-input.pcap', 538, ['14 loss'], 0],
    ['sv-eve-overlap-payload-05-gap-tcp-simple-gap2.pcap', 8, ['4 loss'], 0],
    ['pcpp-unidirectional_tcp_stream_with_missing_packet.pcap', 8528, ['1420 loss'], 0],
  ])('%s', async (file, octets, gaps, retransmissions) => {
    expect(await replay(file)).toEqual({ octets, gaps, retransmissions, conflicts: 0 });
  });
});
