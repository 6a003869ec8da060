/**
 * Writes the pcap file format (layout in pcap-reader.ts): little-endian, microseconds. Sans-io: makes
 * octets, whoever asked writes them.
 */
const MAGIC = 0xa1b2c3d4;
const SNAPLEN = 262144;

export class PcapWriter {
  readonly #linkType: number;

  /** @param linkType LINKTYPE_ value of every frame; 1 is Ethernet */
  constructor(linkType: number) {
    this.#linkType = linkType;
  }

  /** The beginning of the file. */
  header(): Uint8Array {
    const octets = new Uint8Array(24);
    const view = new DataView(octets.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint16(4, 2, true);
    view.setUint16(6, 4, true);
    view.setUint32(16, SNAPLEN, true);
    view.setUint32(20, this.#linkType, true);
    return octets;
  }

  /**
   * One frame, header and octets.
   *
   * @param time microseconds since 1970
   * @param originalLength octets on the wire, where more than were captured
   */
  record(frame: Uint8Array, time: number, originalLength = frame.length): Uint8Array {
    const octets = new Uint8Array(16 + frame.length);
    const view = new DataView(octets.buffer);
    view.setUint32(0, Math.floor(time / 1e6), true);
    view.setUint32(4, Math.floor(time % 1e6), true);
    view.setUint32(8, frame.length, true);
    view.setUint32(12, originalLength, true);
    octets.set(frame, 16);
    return octets;
  }
}
