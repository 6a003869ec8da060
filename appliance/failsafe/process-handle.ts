/** A process held by a descriptor (pidfd_open(2), Linux 5.3): its number cannot come to mean another one. */
import { failure, libc } from '../../src/capture/native/libc.ts';

/** The same numbers on every architecture. */
const SYS_PIDFD_SEND_SIGNAL = 424;
const SYS_PIDFD_OPEN = 434;
const SIGKILL = 9;

export class ProcessHandle {
  /** Readable once the process has ended. */
  readonly fd: number;

  constructor(pid: number) {
    this.fd = Number(libc().syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0));
    if (this.fd < 0) throw new Error(`pidfd_open ${pid}: ${failure()}`);
  }

  /** May this process end it? */
  get mayKill(): boolean {
    return this.#signal(0) === 0;
  }

  /** False where it may not, or it has ended. */
  kill(): boolean {
    return this.#signal(SIGKILL) === 0;
  }

  #signal(signal: number): number {
    return Number(libc().syscall(SYS_PIDFD_SEND_SIGNAL, this.fd, signal, 0, 0));
  }
}
