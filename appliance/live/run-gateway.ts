/** A gateway from its settings to its exit code: everything is opened, runs until it is told to stop, and is drained. */
import type { Admin } from '../admin/start-admin.ts';
import { refuseInput } from '../cli/events-file.ts';
import { Exit, UserError } from '../cli/user-error.ts';
import { GatewayPolicy } from '../config/gateway-policy.ts';
import type { GatewaySettings } from '../config/settings.ts';
import { ServiceNotifier } from '../failsafe/service-notifier.ts';
import { WireGuard } from '../failsafe/wire-guard.ts';
import { type OpenLog, openLog } from '../log/open-log.ts';
import { findAccount } from '../privileges/account.ts';
import { EventsOut } from './events-out.ts';
import type { LivePolicy, PolicySource } from './live-policy.ts';
import { dropMainPrivileges } from './live-privileges.ts';
import { preflight } from './preflight.ts';
import { readyLine } from './ready-line.ts';
import { listenForSignals } from './signals.ts';
import { spawnerOf } from './spawn-worker.ts';
import { summaryLines } from './summary.ts';
import { Supervisor } from './supervisor.ts';

/** Resolves with the exit code when it was stopped and is drained. Throws UserError before anything is touched. */
export async function runGateway(settings: GatewaySettings, configFile?: string): Promise<number> {
  const log = openLog(settings.log);
  preflight(settings, log);
  const spawn = spawnerOf(settings);
  // Before the wire is touched: a name that is wrong must not leave a bridge behind.
  const account = settings.user === undefined ? undefined : findAccount(settings.user);
  const source = new GatewayPolicy({
    settings,
    configFile,
    apply: ({ log: { level } }) => log.setLevel(level),
  });
  // Where it is wanted it is loaded while another thread loads the policy.
  const admins = settings.admin.listen && import('../admin/start-admin.ts');
  const { policy: first, files } = await firstPolicy(source, log);
  const { eventsFile } = settings;
  if (eventsFile !== undefined && eventsFile !== '-') {
    const inputs = configFile === undefined ? files : [...files, configFile];
    refuseInput(eventsFile, inputs, 'events', 'events');
  }
  let stopped: (why: string) => void = () => undefined;
  const stop = new Promise<string>((resolve) => {
    stopped = resolve;
  });
  const out =
    eventsFile === undefined
      ? undefined
      : new EventsOut(eventsFile, {
          log,
          owner: account,
          onReaderGone: () => {
            // `sallyport tap eth0 --events - | head` ends; a bridge carries on without its record.
            if (settings.mode === 'tap') stopped('the reader of the events has gone');
          },
        });
  const supervisor = new Supervisor({ settings, policy: source, spawn, sink: out, log }, first);
  const service = process.platform === 'linux' ? new ServiceNotifier() : undefined;
  const quiet = listenForSignals({
    stop: (name) => stopped(name),
    reload: () => {
      out?.reopen();
      service?.reloading();
      void supervisor.reload('signal').then(() => service?.ready());
    },
  });
  let admin: Admin | undefined;
  try {
    // Before the wire is touched: a port that is in use must not cost anybody a connection.
    const { listen } = settings.admin;
    if (listen !== undefined && admins !== undefined) {
      const { startAdmin } = await admins;
      admin = await startAdmin(supervisor, { ...settings.admin, listen }, log);
    }
    const wire = settings.mode === 'inline' ? await guardWire(settings, log) : undefined;
    await dropOrLeave(settings, wire);
    const opened = await supervisor.start(wire);
    log.info(readyLine(settings, opened, first, admin?.address));
    service?.ready(readyLine(settings, opened, first, admin?.address));
    service?.watch(supervisor.beats);
    source.watch(() => void supervisor.reload('file'));
    log.info('stopping', { why: await stop });
    service?.stopping();
    const clean = await supervisor.stop();
    tellSummary(supervisor, out?.lost ?? 0, log);
    return clean ? Exit.Ok : Exit.Failed;
  } finally {
    quiet();
    source.close();
    await admin?.close();
    out?.close();
    await log.flush();
  }
}

/** From here on the wire is the kernel's, or shut, until the engine takes it. */
function guardWire(settings: GatewaySettings, log: OpenLog): Promise<WireGuard> {
  const [a = '', b = ''] = settings.interfaces;
  const { onFailure, failureTimeout } = settings.inline;
  return WireGuard.start({
    a,
    b,
    onFailure,
    onStop: settings.inline.onStop,
    timeout: failureTimeout,
    user: settings.user,
    logFormat: settings.log.format,
    log,
  });
}

/** Rejects with UserError; then the watchdog was told that we end. */
async function dropOrLeave(settings: GatewaySettings, wire: WireGuard | undefined): Promise<void> {
  try {
    dropMainPrivileges(settings);
  } catch (error) {
    await wire?.stop();
    throw error;
  }
}

function tellSummary(supervisor: Supervisor, notWritten: number, log: OpenLog): void {
  const status = supervisor.status();
  const shed = status.workers.reduce((sum, { eventsShed }) => sum + eventsShed, 0);
  const totals = { carried: supervisor.events, shed, notWritten };
  for (const line of summaryLines(status, totals)) log.info(line);
}

async function firstPolicy(
  source: PolicySource,
  log: OpenLog,
): Promise<{ policy: LivePolicy; files: readonly string[] }> {
  const { policy, diagnostics, files = [] } = await source.load();
  for (const line of diagnostics) log[policy === undefined ? 'error' : 'warn'](line);
  if (policy !== undefined) return { policy, files };
  await log.flush();
  throw new UserError('the rules were not loaded: nothing was started');
}
