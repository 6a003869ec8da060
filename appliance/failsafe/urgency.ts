/**
 * Puts this thread before others, as far as it may: a watchdog that waits for a CPU behind a hundred busy
 * threads guards nothing. It sleeps nearly always, so it takes nothing from them.
 */
import { writeFileSync } from 'node:fs';
import { libc } from '../../src/capture/native/libc.ts';

/** sched(7): round robin among real-time threads; what it starts is ordinary again. */
const SCHED_RR = 2;
const SCHED_RESET_ON_FORK = 0x4000_0000;
/** Above every ordinary thread; below what the kernel runs at 50 (interrupt threads). */
const PRIORITY = Int32Array.of(10);
const PRIO_PROCESS = 0;
const NICE = -10;

/** What was granted, in words. Needs CAP_SYS_NICE; under memory pressure CAP_SYS_RESOURCE helps as well. */
export function becomeUrgent(): string {
  try {
    writeFileSync('/proc/self/oom_score_adj', '-900');
  } catch {
    // An ordinary process may not: then it is as likely to be ended for want of memory as others its size.
  }
  if (libc().sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, PRIORITY) === 0)
    return 'real time';
  if (libc().setpriority(PRIO_PROCESS, 0, NICE) === 0) return `nice ${NICE}`;
  return 'ordinary';
}
