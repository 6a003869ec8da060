/** Every limit of the Direct IM parser: unit and reason. */

/** Octets of a header: 76 of every client, which take longer ones all the same. */
export const HEADER_LEAST = 76;
export const HEADER_MOST = 65_535;
/** Of a header of an unknown type: noise would be taken for a longer one. */
export const HEADER_USUAL = 1024;
/** Octets of text of one message that are read; clients send some thousand. */
export const TEXT_LIMIT = 65_536;
/** Octets of a tag between images: `<DATA ID="1" SIZE="65978">` has below 40. */
export const TAG_LIMIT = 256;
/** Images of one message whose names are kept. */
export const IMAGES_LIMIT = 64;
/** Characters of an image's name that are kept. */
export const NAME_LIMIT = 256;
/** Octets of the parser with nothing held: measured, and rounded up. */
export const ODC_HELD = 4096;
/** Octets of one image kept beside its name. */
export const IMAGE_HELD = 160;
