/** What one direction of a Direct IM connection is in the middle of. */
import type { ContentFollower } from '../../contract.ts';
import { PeerHeaders } from '../rendezvous/peer-headers.ts';
import { ODC_HEADERS, type OdcHeader } from './odc-header.ts';
import { type Image, imagesHeld } from './odc-images.ts';
import { HEADER_LEAST } from './odc-limits.ts';
import type { OdcPayload } from './odc-payload.ts';

export interface RunningImage {
  readonly image: Image;
  received: number;
  readonly follower: ContentFollower | undefined;
}

export class OdcSide {
  readonly headers = new PeerHeaders(ODC_HEADERS);
  header: OdcHeader | undefined = undefined;
  /** The first octets of the header, for a notice. */
  readonly head = new Uint8Array(HEADER_LEAST);
  payload: OdcPayload | undefined = undefined;
  /** Stream offset of the frame under way. */
  frameStart = 0;
  images: readonly Image[] = [];
  running: RunningImage | undefined = undefined;
  /** Names of what is odd about the frame. */
  odd: readonly string[] | undefined = undefined;

  /** Octets. */
  get held(): number {
    return this.headers.size + (this.payload?.size ?? 0) + imagesHeld(this.images);
  }
}
