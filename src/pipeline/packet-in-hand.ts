/** The packet that a bridge decides about: one object, reused. */
import { Frame } from '../capture/frame.ts';
import { Decoded, type PacketView } from '../decode/packet-view.ts';
import type { Cover } from '../verdict/wire/cover.ts';
import { NONE } from '../verdict/wire/held-fragments.ts';
import type { HeldPacket } from '../verdict/wire/held-packet.ts';
import type { Side } from '../verdict/wire/packet-judge.ts';
import { raiseHops } from '../verdict/wire/tcp-header.ts';
import type { Engine } from './engine.ts';

export class PacketInHand {
  frame: Frame = new Frame();
  side: Side = 0;
  /** Its flow; -1: none. */
  slot = -1;
  /** TCP: sequence number from which its octets are new. */
  newFrom = 0;
  /** It completed a fragmented datagram: its octets are not in the frame. */
  isFixed = false;
  /** The fragments of it that came before, and go where it goes. */
  lead: readonly Frame[] = NONE;
  /** It was aside: what came after it may have gone on before. */
  wasKept = false;
  /** A verdict stops this datagram. */
  dropped = false;
  /** Text of this datagram to be masked: offsets in its buffer. */
  readonly masks: Cover[] = [];
  /** PacketJudge's. */
  letGo = false;
  changed = false;
  kept = false;

  /** What ends a connection here must end it there: a low hop limit would let it die on its way. */
  raiseHops(view: PacketView): void {
    if (!this.isFixed && !view.tunnelled && raiseHops(view)) this.changed = true;
  }

  /** A packet that was kept becomes the one in hand; false where it cannot be decoded again. */
  takeUp(packet: HeldPacket, engine: Engine, now: number): boolean {
    this.frame = packet.frame;
    this.side = packet.side;
    packet.frame.time[0] = now;
    this.lead = NONE;
    return engine.decodeAgain(packet.frame) === Decoded.Tcp;
  }
}
