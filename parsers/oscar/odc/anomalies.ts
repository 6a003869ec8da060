/** Odd input that the Direct IM parser names. */
export const OdcAnomaly = {
  /** Octets that begin no header. */
  NoHeader: 'odc-no-header',
  /** A frame of a type that is not known. */
  UnknownFrame: 'odc-unknown-frame',
  /** A name that is neither party's of the invitation. */
  NameDiffers: 'odc-name-differs',
  /** Text beyond what is read. */
  TextTooLong: 'odc-text-too-long',
  /** The part with images is not as it should be: the rest of the frame is passed over. */
  BadBinary: 'odc-bad-binary',
  /** An image that the text does not announce, or announces with another size. */
  ImageUnannounced: 'odc-image-unannounced',
} as const;
export type OdcAnomaly = (typeof OdcAnomaly)[keyof typeof OdcAnomaly];
