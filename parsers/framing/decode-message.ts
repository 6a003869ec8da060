/** Messages of Protocol Buffers by decoders that were made beforehand (test/protobuf): octets in, nothing thrown. */

/** One message type of a `.decoder.ts` file. Fields that are not there are null or empty. */
export interface MessageDecoder<Message> {
  decode(octets: Uint8Array): Message;
}

/**
 * The message that the octets are, or undefined where they are none. Fields of octets are views of what was given.
 * What it takes in memory grows with the octets, and nesting is bounded by the schema.
 */
export function decodeMessage<Message>(
  { decode }: MessageDecoder<Message>,
  octets: Uint8Array,
): Message | undefined {
  try {
    return decode(octets);
  } catch {
    return undefined; // cut short, or no message at all
  }
}
