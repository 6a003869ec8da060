/** What a session request is for, by its EUF-GUID, and the event it becomes. */

import { ascii, utf8 } from '../../../src/bytes/text.ts';
import type { FilePurpose, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import type { DialogKind } from './dialogs.ts';
import {
  contextOctets,
  type OfferedFile,
  readFileContext,
  readObjectContext,
} from './file-context.ts';
import { callReference, fileReference } from './file-events.ts';
import { canonicalGuid, Purpose } from './guid.ts';
import { SESSION_REQUEST, type SlpText } from './slp-text.ts';

const CONTEXT = ascii('Context: ');
const GUID = ascii('EUF-GUID: ');
const GUID_TEXT = 64; // characters of what stands for a GUID that is none

type Range = readonly [number, number];

export interface Offer {
  readonly kind: DialogKind;
  readonly event: EventKind;
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly purpose: FilePurpose | undefined;
  /** Its context cannot be read, or not to the end. */
  readonly odd: boolean;
  /** Fields that say what it is are there more than once, or in odd places. */
  readonly repeated: boolean;
  /** The file that somebody sees who looks for the words only, where it is another one. */
  readonly also: OfferedFile | undefined;
  describe(event: ImEvent, session: number): void;
}

/** Undefined where it is no session request, or (not `whole`) where too little is there to be sure. */
export function readOffer(text: SlpText, buffer: Uint8Array, whole: boolean): Offer | undefined {
  const { body } = text;
  if (text.contentType !== SESSION_REQUEST) return undefined;
  const range = body.range('context');
  // The fields before the context are whole once it has begun.
  if (!whole && (range === undefined || text.session === 0)) return undefined;
  const written = body.value('euf-guid');
  const loose = text.loosely(GUID);
  const looseGuid = loose && canonicalGuid(utf8(buffer, ...loose).slice(0, GUID_TEXT));
  const guid = looseGuid === Purpose.File ? looseGuid : canonicalGuid(written);
  const repeated =
    text.lax || ['euf-guid', 'sessionid', 'context'].some((name) => body.count(name) > 1);
  if (guid === Purpose.File) {
    const octets = range && contextOctets(buffer, range[0], range[1]);
    const file = octets && readFileContext(octets, whole);
    if (!whole && file === undefined) return undefined;
    const looseRange = text.loosely(CONTEXT);
    const elsewhere = looseRange && !lies(looseRange, range) ? looseRange : undefined;
    const other = elsewhere && contextOctets(buffer, elsewhere[0], elsewhere[1]);
    const also = other && readFileContext(other, true);
    return offerFile(
      'file',
      file ?? also ?? UNREADABLE,
      repeated || also !== undefined,
      file && also,
    );
  }
  if (!whole) return undefined;
  if (guid === Purpose.Object) {
    const octets = range && contextOctets(buffer, range[0], range[1]);
    return offerFile('object', readObjectContext(octets, body.decimal('appid') ?? 0), repeated);
  }
  if (guid === Purpose.WebcamShare || guid === Purpose.WebcamRequest) {
    return offerOther('call', 'call.offer', repeated, (event, session) => {
      event.call = callReference(session);
      if (guid === Purpose.WebcamRequest) event.state = 'requested';
    });
  }
  const named = guid === undefined ? (written ?? '').slice(0, GUID_TEXT) : `{${guid}}`;
  return offerOther('other', 'app.unknown', repeated, (event) => {
    event.reason = `EUF-GUID ${named}`.trim();
  });
}

/** Whether the value looked for loosely is the field's own. */
function lies([from]: Range, field: Range | undefined): boolean {
  return field !== undefined && from >= field[0] && from <= field[1];
}

const UNREADABLE: OfferedFile = { name: undefined, size: undefined, purpose: undefined, odd: true };

function offerFile(
  kind: 'file' | 'object',
  file: OfferedFile,
  repeated: boolean,
  also?: OfferedFile,
): Offer {
  return {
    ...file,
    kind,
    event: 'file.offer',
    repeated,
    also,
    describe(event, session) {
      event.file = fileReference({ ...file, session });
      // Whoever invites asks for what the other one has.
      if (kind === 'object') event.state = 'requested';
    },
  };
}

function offerOther(
  kind: DialogKind,
  event: EventKind,
  repeated: boolean,
  describe: Offer['describe'],
): Offer {
  const nothing = { name: undefined, size: undefined, purpose: undefined, odd: false };
  return { ...nothing, kind, event, repeated, also: undefined, describe };
}
