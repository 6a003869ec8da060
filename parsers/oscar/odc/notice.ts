/** A Direct IM frame that tells the user something, in the name of the other party. */
const HEAD = 76; // octets
const ENCODER = new TextEncoder();

/** `header`: of a frame of this connection; its cookie is taken. */
export function noticeFrame(header: Uint8Array, name: string, notice: string): Uint8Array {
  const escaped = notice.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const text = ENCODER.encode(`<HTML>${escaped}</HTML>`);
  const frame = new Uint8Array(HEAD + text.length);
  const view = new DataView(frame.buffer);
  frame.set([0x4f, 0x44, 0x43, 0x32, 0, HEAD, 0, 1, 0, 6]);
  frame.set(header.subarray(12, 20), 12);
  view.setUint32(28, text.length);
  frame.set(ENCODER.encode(name).subarray(0, 31), 44);
  frame.set(text, HEAD);
  return frame;
}
