/**
 * Tells the service manager what the gateway is doing: sd_notify(3), datagrams to the socket that it names
 * in NOTIFY_SOCKET. Without one (a terminal, another service manager) nothing is sent.
 *
 *     READY=1        every worker runs; `systemctl start` returns now, not before
 *     RELOADING=1    until the next READY=1
 *     STOPPING=1     draining
 *     WATCHDOG=1     a sign of life, for WatchdogSec=: the second line behind our own watchdog
 *     STATUS=…       with the first READY=1: a line for `systemctl status`
 */
import { libc } from '../../src/capture/native/libc.ts';
import { Pulse } from './pulse.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK_CLOEXEC = 0o4000 | 0o2000000;
const CLOCK_MONOTONIC = 1;
/** sun_path (unix(7)). */
const LONGEST_PATH = 108;

export class ServiceNotifier {
  readonly #fd: number;
  readonly #address: Uint8Array;
  /** Milliseconds between two signs of life; 0: none are wanted. */
  readonly #every: number;
  #lastAlive = Number.NEGATIVE_INFINITY;
  #started = false;

  /** `environment`: taken out of it, so that programs we start do not speak for us. */
  constructor(environment: NodeJS.ProcessEnv = process.env) {
    const path = environment.NOTIFY_SOCKET ?? '';
    const microseconds = Number(environment.WATCHDOG_USEC ?? '0');
    const meant = environment.WATCHDOG_PID ?? String(process.pid);
    this.#every = meant === String(process.pid) && microseconds > 0 ? microseconds / 1000 / 4 : 0;
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete environment[name];
    this.#address = unixAddress(path);
    this.#fd =
      this.#address.length === 0
        ? -1
        : libc().socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK_CLOEXEC, 0);
  }

  /** Is there somebody who listens? */
  get present(): boolean {
    return this.#fd >= 0;
  }

  /** It has started; without a status: a reload is over, and the status before stays. */
  ready(status?: string): void {
    if (status !== undefined) this.#started = true;
    if (!this.#started) return;
    this.#send(status === undefined ? 'READY=1' : `READY=1\nSTATUS=${oneLine(status)}`);
  }

  /** A reload that comes before the start is over says nothing: its end would be taken for that of the start. */
  reloading(): void {
    if (!this.#started) return;
    const now = new BigUint64Array(2);
    libc().clock_gettime(CLOCK_MONOTONIC, now);
    const microseconds = (now[0] ?? 0n) * 1_000_000n + (now[1] ?? 0n) / 1000n;
    this.#send(`RELOADING=1\nMONOTONIC_USEC=${microseconds}`);
  }

  stopping(): void {
    this.#send('STOPPING=1\nSTATUS=draining');
  }

  /** Signs of life from here on, while every worker counts up its word of `beats` and this thread is not stuck. */
  watch(beats: Int32Array): void {
    if (this.#every === 0) return;
    const pulse = new Pulse(beats);
    const look = () => {
      if (pulse.advanced()) this.alive();
    };
    setInterval(look, this.#every / 2).unref();
  }

  /** A sign of life; four in a WatchdogSec= are sent. */
  alive(now = performance.now()): void {
    if (this.#every === 0 || now - this.#lastAlive < this.#every) return;
    this.#lastAlive = now;
    this.#send('WATCHDOG=1');
  }

  /** What the service manager does not take it does not get: it is never waited for. */
  #send(text: string): void {
    if (this.#fd < 0) return;
    const octets = new TextEncoder().encode(text);
    libc().sendto(this.#fd, octets, octets.length, 0, this.#address, this.#address.length);
  }
}

/** sockaddr_un; a leading @ stands for the zero octet of an abstract name. Empty where the path is none. */
function unixAddress(path: string): Uint8Array {
  const name = new TextEncoder().encode(path);
  if (!/^[/@]./.test(path) || name.length >= LONGEST_PATH) return new Uint8Array(0);
  const abstract = path.startsWith('@');
  const octets = new Uint8Array(2 + name.length + (abstract ? 0 : 1));
  new Uint16Array(octets.buffer, 0, 1)[0] = AF_UNIX;
  octets.set(name, 2);
  if (abstract) octets[2] = 0;
  return octets;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}
