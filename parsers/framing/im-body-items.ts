/** What a body can say (im-body.ts). */
export type BodyItem =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly markup: string | undefined;
      /** Where the text stands as it is in the buffer that was read, or -1. */
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'typing'; readonly state: 'composing' | 'paused' }
  | {
      readonly kind: 'receipt';
      readonly state: string;
      readonly refersTo: string | undefined;
      readonly reason: string | undefined;
    }
  | ({ readonly kind: 'file' } & LinkedFile)
  | {
      readonly kind: 'invitation';
      readonly command: 'offer' | 'accept' | 'decline' | 'cancel';
      /** The file; undefined for other applications. */
      readonly name: string | undefined;
      readonly size: number | undefined;
      readonly application: string | undefined;
      readonly token: string | undefined;
      readonly isFile: boolean;
    }
  /** An attachment inside the body. */
  | {
      readonly kind: 'data';
      readonly name: string | undefined;
      readonly size: number;
      readonly mime: string;
    }
  | { readonly kind: 'encrypted'; readonly method: string }
  /** Left to the caller: XML documents, SDP, SMS. */
  | {
      readonly kind: 'document';
      readonly type: string;
      readonly buffer: Uint8Array;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'unknown'; readonly type: string };

/** A file behind a URL. */
export interface LinkedFile {
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly mime: string | undefined;
  readonly url: string | undefined;
  readonly purpose: 'inline' | undefined;
}

/** Odd bodies, by name. */
export const BodyOdd = {
  /** Wrappers beyond the depth that is opened, or more parts than are read. */
  TooDeep: 'body-nested-too-deep',
  CpimMalformed: 'cpim-malformed',
  /** No part where the boundary says there are. */
  MultipartMalformed: 'multipart-malformed',
  /** An encoding that is unknown, damaged, or inflates without measure. */
  EncodingBroken: 'body-encoding-broken',
} as const;
export type BodyOdd = (typeof BodyOdd)[keyof typeof BodyOdd];
