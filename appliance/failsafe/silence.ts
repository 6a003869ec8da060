/** An interface of the wire says nothing of its own: with IPv6 it would announce itself on every link-up. */
import { existsSync, writeFileSync } from 'node:fs';
import { systemErrorText } from '../cli/user-error.ts';

export function silenceIpv6(name: string, warnings: string[]): void {
  // /proc/sys/net is of the network namespace of who opens it. No such folder: no IPv6 at all.
  const file = `/proc/sys/net/ipv6/conf/${name}/disable_ipv6`;
  if (!existsSync(file)) return;
  try {
    writeFileSync(file, '1');
  } catch (error) {
    const what = systemErrorText(error) ?? String(error);
    warnings.push(`${file}: ${what}: ${name} may send IPv6 announcements; write 1 there`);
  }
}
