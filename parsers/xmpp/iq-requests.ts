/** Kinds of request whose answer is waited for. */
export const IqRequestKind = {
  Auth: 'auth',
  SiOffer: 'si',
  Jingle: 'jingle',
  Upload: 'upload',
  Oob: 'oob',
  IbbOpen: 'ibb-open',
  Google: 'google',
  Bytestreams: 'bytestreams',
} as const;
export type IqRequestKind = (typeof IqRequestKind)[keyof typeof IqRequestKind];
