/**
 * What stands before the file in the body of `POST /notifyft` (dossier §7.1): a packet of service 0x46
 * or, for a picture of oneself, 0xC2. Its length is not to be trusted (clients count four octets more):
 * key 29 is the last, and the file stands where its value would.
 */
import { OctetHold } from '../framing/octet-hold.ts';
import { Pairs } from './pairs.ts';
import { Service } from './services.ts';
import { boundedName, canonicalId } from './text-value.ts';
import { FILE_NAME_LIMIT, HEADER, NOTIFY_PACKET_LIMIT } from './ymsg-limits.ts';
import { YmsgPacket } from './ymsg-packet.ts';

export interface Upload {
  readonly sender: string | undefined;
  readonly recipient: string | undefined;
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly text: string | undefined;
  readonly isPicture: boolean;
  readonly version: number;
}

const MAGIC = 0x594d5347;
const CONTENT = [0x32, 0x39, 0xc0, 0x80]; // `29`, separator

export class NotifyUpload {
  readonly #hold = new OctetHold();
  readonly #pairs = new Pairs();
  readonly #packet = new YmsgPacket();
  #looked = HEADER;
  upload: Upload | undefined = undefined;
  /** Not such a body. */
  bad = false;

  get held(): number {
    return this.#hold.size + this.#pairs.held;
  }

  /** Takes the next octets of the body; how many of them stand before the file, -1 while all do. */
  push(octets: Uint8Array): number {
    const hold = this.#hold;
    const before = hold.used;
    hold.append(octets, 0, Math.min(octets.length, NOTIFY_PACKET_LIMIT - before));
    const at = this.#isOther() ? -1 : this.#contentAt();
    if (at === -1) {
      if (hold.used >= NOTIFY_PACKET_LIMIT || this.#isOther()) this.#give();
      return this.bad ? 0 : -1;
    }
    this.#read(at);
    hold.release();
    return at - before;
  }

  /** Octets of the body were not seen: where the file begins is not known any more. */
  lost(): void {
    if (this.upload === undefined) this.#give();
  }

  #isOther(): boolean {
    const { buffer, used } = this.#hold;
    const view = new DataView(buffer.buffer, buffer.byteOffset, used);
    return used >= 4 && view.getUint32(0) !== MAGIC;
  }

  #give(): void {
    this.bad = true;
    this.#hold.release();
  }

  /** Behind key 29 and its separator, at the beginning or behind another separator; -1: not there. */
  #contentAt(): number {
    const { buffer, used } = this.#hold;
    for (let at = this.#looked; at + CONTENT.length <= used; at++) {
      if (buffer[at] !== CONTENT[0]) continue;
      const isKey = at === HEADER || (buffer[at - 1] === 0x80 && buffer[at - 2] === 0xc0);
      if (isKey && CONTENT.every((octet, i) => buffer[at + i] === octet))
        return at + CONTENT.length;
    }
    this.#looked = Math.max(HEADER, used - CONTENT.length + 1);
    return -1;
  }

  #read(end: number): void {
    const { buffer } = this.#hold;
    const pairs = this.#pairs;
    this.#packet.read(buffer, 0);
    pairs.read(buffer, HEADER, end - CONTENT.length);
    const legacy = pairs.number(97) === 0;
    const size = pairs.text(28) ?? '';
    this.upload = {
      sender: canonicalId(pairs.text(0) ?? pairs.text(1)),
      recipient: canonicalId(pairs.text(5)),
      name: boundedName(pairs.text(27, legacy), FILE_NAME_LIMIT),
      size: /^\d{1,15}$/.test(size) ? Number(size) : undefined,
      text: pairs.text(14, legacy),
      isPicture: this.#packet.service === Service.PictureUpload,
      version: this.#packet.version,
    };
    pairs.clear();
  }
}
