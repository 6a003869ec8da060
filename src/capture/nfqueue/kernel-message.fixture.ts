/** Messages as nfnetlink_queue writes them, made independently of what reads them. */

/** nlmsghdr, nfgenmsg and attributes. */
export function message(type: number, queue: number, ...attributes: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(attributes);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(20 + body.length, 0);
  head.writeUInt16LE(type, 4);
  head.writeUInt8(2, 16); // AF_INET
  head.writeUInt16BE(queue, 18);
  return new Uint8Array(Buffer.concat([head, body]));
}

export function attribute(type: number, value: Uint8Array): Uint8Array {
  const octets = Buffer.alloc((4 + value.length + 3) & ~3);
  octets.writeUInt16LE(4 + value.length, 0);
  octets.writeUInt16LE(type, 2);
  octets.set(value, 4);
  return octets;
}

export function word(type: number, value: number): Uint8Array {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value >>> 0);
  return attribute(type, octets);
}

export function packetHeader(id: number): Uint8Array {
  const octets = Buffer.alloc(7);
  octets.writeUInt32BE(id >>> 0);
  octets.writeUInt16BE(0x0800, 4);
  octets[6] = 2; // NF_INET_FORWARD
  return attribute(1, octets);
}

export function timestamp(seconds: number, microseconds: number): Uint8Array {
  const octets = Buffer.alloc(16);
  octets.writeBigUInt64BE(BigInt(seconds), 0);
  octets.writeBigUInt64BE(BigInt(microseconds), 8);
  return attribute(4, octets);
}
