/**
 * Google's push connection in clear: says that it is one at the login, and for which app each push is, once for each
 * app. The secrets of the login and the contents of pushes are not looked at.
 */
import { boundedCopy } from '../../src/bytes/text.ts';
import {
  type Direction,
  type FlowParser,
  type ParserSink,
  Status,
  type Unit,
} from '../contract.ts';
import { decodeMessage, type MessageDecoder } from '../framing/decode-message.ts';
import { LengthFramer } from '../framing/length-frames.ts';
import { signature } from '../framing/signature-parser.ts';
import { DATA_MESSAGE, LOGIN_REQUEST, MCS_FRAMES, varintAt } from './frame-rules.ts';
import { mcs } from './stanzas.decoder.ts';

interface LoginRequest {
  readonly domain: string | null;
  readonly user: string | null;
}
interface DataMessageStanza {
  readonly category: string | null;
}

const { LoginRequest, DataMessageStanza } = mcs as {
  LoginRequest: MessageDecoder<LoginRequest>;
  DataMessageStanza: MessageDecoder<DataMessageStanza>;
};

/** Octets of the parser itself and of the apps' names. */
const SELF = 16384;
const APPS = 64; // a telephone has some dozen that get pushes
/** Names of packages. */
const PACKAGE = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+$/;
const NAME_MOST = 128; // characters

export class McsParser implements FlowParser {
  readonly #framers = [new LengthFramer(MCS_FRAMES, false), new LengthFramer(MCS_FRAMES, false)];
  /** Octets before the first frame: the version. */
  readonly #isBegun: [boolean, boolean] = [false, false];
  readonly #apps = new Set<string>();
  #isLost = false;

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (octets.length === 0) return Status.More;
    const isBegun = this.#isBegun[direction];
    this.#isBegun[direction] = true;
    this.#framers[direction]?.push(isBegun ? octets : octets.subarray(1), {
      frame: (buffer, start, end, from, length) => {
        const unit = unitOf(direction, from + 1, length);
        if (end - start === length) this.#frame(buffer.subarray(start, end), unit, sink);
      },
      lost: () => {
        this.#isLost = true;
      },
    });
    return this.#isLost ? Status.Lost : Status.More;
  }

  gap(): Status {
    return Status.Lost;
  }

  end(): void {}

  holdFrom(direction: Direction): number {
    const pending = this.#framers[direction]?.pending ?? -1;
    return pending < 0 ? -1 : pending + 1;
  }

  held(): number {
    return SELF + this.#framers.reduce((sum, { held }) => sum + held, 0);
  }

  #frame(frame: Uint8Array, unit: Unit, sink: ParserSink): void {
    const body = varintAt(frame, 1, frame.length);
    if (body === undefined) return;
    const octets = frame.subarray(body.end);
    if (frame[0] === LOGIN_REQUEST) login(octets, sink);
    else if (frame[0] === DATA_MESSAGE) this.#push(octets, unit, sink);
  }

  #push(octets: Uint8Array, unit: Unit, sink: ParserSink): void {
    const category = decodeMessage(DataMessageStanza, octets)?.category ?? '';
    if (category.length > NAME_MOST || !PACKAGE.test(category)) return;
    if (this.#apps.has(category) || this.#apps.size >= APPS) return;
    const app = boundedCopy(category, NAME_MOST);
    this.#apps.add(app);
    sink.identify(signature(`app:${app}`, 'push', { activity: 'push', unit }));
  }
}

function login(octets: Uint8Array, sink: ParserSink): void {
  const request = decodeMessage(LoginRequest, octets);
  if (request === undefined) return;
  const { user } = request;
  const account = user && /^\d{1,20}$/.test(user) ? user : undefined;
  sink.identify(signature('google-mcs', 'push', { activity: 'push', account }));
}

function unitOf(direction: Direction, start: number, length: number): Unit {
  const end = start + length;
  return { direction, start, end, textStart: -1, textEnd: -1, head: 0, form: -1 };
}
