/** Where the head of a message ends: behind its first empty line, whatever its line ends. */
const LF = 0x0a;
const CR = 0x0d;

/**
 * Behind the empty line that ends the head which begins at `start`, or -1. Octets before `from` were
 * looked at in an earlier call.
 */
export function headEnd(buffer: Uint8Array, start: number, from: number, end: number): number {
  // The last line end of the earlier call may be followed by the empty line.
  let at = Math.max(start, from - 2);
  for (;;) {
    const lf = buffer.indexOf(LF, at);
    if (lf === -1 || lf >= end) return -1;
    if (lf + 1 < end && buffer[lf + 1] === LF) return lf + 2;
    if (lf + 2 < end && buffer[lf + 1] === CR && buffer[lf + 2] === LF) return lf + 3;
    at = lf + 1;
  }
}
