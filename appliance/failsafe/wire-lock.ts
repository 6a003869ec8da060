/**
 * One gateway a wire: two would forward every packet twice. The lock is a name in the abstract socket
 * namespace (unix(7)): it belongs to the network namespace, as the interfaces do, and ends with its process.
 */
import { errno, failure, libc } from '../../src/capture/native/libc.ts';
import { UserError } from '../cli/user-error.ts';
import { bridgeName } from './bridge-name.ts';

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const EADDRINUSE = 98;
/** Milliseconds that a watchdog before us may need to end; and between two attempts. */
const PATIENCE = 3000;
const PAUSE = 50;

/** Held until this process ends. Blocks the thread while another holds it; throws UserError where it keeps it. */
export function lockWire(a: string, b: string): void {
  const fd = libc().socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
  if (fd < 0) throw new Error(`lock of the wire: ${failure()}`);
  const address = abstractAddress(`sallyport/${bridgeName(a, b)}`);
  const until = performance.now() + PATIENCE;
  while (libc().bind(fd, address, address.length) !== 0) {
    if (errno() !== EADDRINUSE) throw new Error(`lock of the wire: ${failure()}`);
    if (performance.now() > until) {
      libc().close(fd);
      throw new UserError(
        `another sallyport carries ${a} – ${b}`,
        'Stop it first (`systemctl status sallyport`, or: ps -C node -o pid,args).',
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
}

/** sockaddr_un: family(2) path; a path that begins with a zero octet is abstract. */
function abstractAddress(name: string): Uint8Array {
  const octets = new Uint8Array(3 + name.length);
  new Uint16Array(octets.buffer, 0, 1)[0] = AF_UNIX;
  octets.set(new TextEncoder().encode(name), 3);
  return octets;
}
