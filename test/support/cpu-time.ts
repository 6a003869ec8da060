/**
 * Milliseconds of processor time that this process has taken, all its threads: for tests that show that
 * a cost does not explode. Unlike the time on the wall it is not spent by whoever else is working.
 */
export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
