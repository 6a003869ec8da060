/** Processor time of a process and of all that it started, from /proc: of those that ended and were waited for, too. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of /proc: ticks of utime and stime in a second (USER_HZ), the same on every Linux. */
const TICKS = 100;

/** Seconds of `root` and its children, dead or alive; 0 where it is gone. Children of children are not looked for. */
export function familySeconds(root: number): number {
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const times = timesOf(pid);
    if (times === undefined) continue;
    if (pid === root) ticks += times.own + times.waitedFor;
    else if (times.parent === root) ticks += times.own;
  }
  return ticks / TICKS;
}

/** proc(5): fields 4 (ppid), 14 and 15 (utime, stime), 16 and 17 (of children waited for); the name before may have spaces. */
function timesOf(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const at = (n: number) => Number(fields[n - 3]);
    return { parent: at(4), own: at(14) + at(15), waitedFor: at(16) + at(17) };
  } catch {
    return undefined; // it ended meanwhile
  }
}
