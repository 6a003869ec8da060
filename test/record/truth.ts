/**
 * What a scene did, as the captured client's link shows it: the yardstick that tests compare the
 * engine's events with. Written beside each capture as NAME.truth.json.
 */
import { createHash } from 'node:crypto';

/** A subset of the event model's fields; a field that is absent is not compared. */
export interface TruthEvent {
  readonly kind: string;
  /** client: sent by the captured client; server: received by it. */
  readonly origin?: 'client' | 'server';
  readonly account?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly room?: string;
  readonly text?: string;
  readonly contact?: string;
  readonly form?: string;
  /** As in the event model: this repeats what was said elsewhere. */
  readonly copy?: string;
  readonly file?: {
    readonly name?: string;
    readonly size?: number;
    readonly sha256?: string;
    readonly method?: string;
    readonly url?: string;
  };
}

export interface TruthFile {
  readonly capture: string;
  /** Server and client software, with versions. */
  readonly software: readonly string[];
  /** The host whose link was captured. */
  readonly vantage: string;
  /**
   * Kinds of which `events` lists every one that is on the link. Not counted: room echoes of the
   * client's own messages, CTCP requests, and what the server itself says.
   */
  readonly complete: readonly string[];
  readonly derivedFrom?: string;
  readonly events: readonly TruthEvent[];
}

export class Truth {
  readonly events: TruthEvent[] = [];
  readonly software: string[] = [];

  add(event: TruthEvent): void {
    this.events.push(event);
  }
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
