/**
 * The program of the watchdog process: `node watchdog-main.js OPTIONS`, started by an engine, with their
 * channel as descriptor 3. Small on purpose: no rules, no parser, nothing of the network is ever read.
 */
import { writeSync } from 'node:fs';
import { UserError } from '../cli/user-error.ts';
import { Capability } from '../privileges/capability.ts';
import { dropPrivileges } from '../privileges/drop-privileges.ts';
import { KernelBridge } from './kernel-bridge.ts';
import { ProcessHandle } from './process-handle.ts';
import { becomeUrgent } from './urgency.ts';
import { Watchdog } from './watchdog.ts';
import { watchdogLog } from './watchdog-log.ts';
import { CHANNEL, type WatchdogOptions } from './watchdog-protocol.ts';
import { lockWire } from './wire-lock.ts';

process.title = 'sallyport-watchdog';
// Whoever stops the service stops the engine; the watchdog ends with it, when the wire is cared for.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

const options = JSON.parse(process.argv[2] ?? '') as WatchdogOptions;
const { a, b } = options;

try {
  const engine = new ProcessHandle(options.engine);
  lockWire(a, b);
  const makeBridge = (shut: boolean) => new KernelBridge({ a, b, shut });
  const watchdog = new Watchdog(options, makeBridge, engine, watchdogLog());
  becomeUrgent();
  dropPrivileges(options.user, { effective: [Capability.NetAdmin] });
  watchdog.run();
} catch (error) {
  const refused = error instanceof Error ? error.message : String(error);
  const hint = error instanceof UserError ? error.hint : undefined;
  writeSync(CHANNEL, `${JSON.stringify({ refused, hint })}\n`);
  process.exitCode = 1;
}
// libuv still holds the handlers of the signals.
process.exit();
