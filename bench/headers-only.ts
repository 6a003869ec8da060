/** Decoding and the flow table alone, every flow let go at its first packet: the path of most packets. */
import { randomFillSync } from 'node:crypto';
import type { Frame, FrameSink } from '../src/capture/frame.ts';
import { Decoder } from '../src/decode/decoder.ts';
import { Decoded, PacketView } from '../src/decode/packet-view.ts';
import { Disposition } from '../src/flow/disposition.ts';
import { FlowTable } from '../src/flow/table.ts';
import { DEFAULT_LIMITS } from '../src/limits.ts';
import type { StreamListener } from '../src/stream/listener.ts';
import { Streams } from '../src/stream/streams.ts';

export interface HeadersOnly extends FrameSink {
  readonly packets: number;
}

export function headersOnly(): HeadersOnly {
  return new HeaderPath();
}

class HeaderPath implements HeadersOnly {
  packets = 0;
  readonly #decoder = new Decoder(DEFAULT_LIMITS, { checksums: false });
  readonly #table = new FlowTable(DEFAULT_LIMITS, randomFillSync(new Uint32Array(4)), {
    serverPortHint: () => false,
  });
  readonly #streams = new Streams(this.#table, DEFAULT_LIMITS, new LetGo(this.#table));
  readonly #view = new PacketView();

  frame(frame: Frame): void {
    this.packets++;
    const decoded = this.#decoder.decode(frame, this.#view);
    if (decoded === Decoded.Tcp || decoded === Decoded.Udp) this.#streams.packet(this.#view);
  }
}

class LetGo implements StreamListener {
  readonly #table: FlowTable;

  constructor(table: FlowTable) {
    this.#table = table;
  }

  opened(slot: number): void {
    this.#table.setDisposition(slot, Disposition.LetGo);
  }

  data(): void {}
  gap(): void {}
  ended(): void {}
  closed(): void {}
  anomaly(): void {}
}
