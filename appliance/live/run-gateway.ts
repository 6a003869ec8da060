/** A gateway from its settings to its exit code: everything is opened, runs until it is told to stop, and is drained. */
import { hostname } from 'node:os';
import { AdminHost } from '../admin/admin-host.ts';
import { packageVersion } from '../cli/package-root.ts';
import { Exit, UserError } from '../cli/user-error.ts';
import { GatewayPolicy } from '../config/gateway-policy.ts';
import type { GatewaySettings } from '../config/settings.ts';
import { ServiceNotifier } from '../failsafe/service-notifier.ts';
import { WireGuard, type WireGuardSettings } from '../failsafe/wire-guard.ts';
import { type OpenLog, openLog } from '../log/open-log.ts';
import { OutputsRecord } from '../outputs/outputs-record.ts';
import { type Account, findAccount } from '../privileges/account.ts';
import { prepareArchiveHome } from './archive-home.ts';
import { ArchiveRecord } from './archive-record.ts';
import { changedBy } from './change-over.ts';
import { EventSinks } from './event-sinks.ts';
import { EventsRecord } from './events-record.ts';
import { FileKeeper } from './file-keeper.ts';
import { GatewayLedger } from './gateway-ledger.ts';
import type { LivePolicy, PolicySource } from './live-policy.ts';
import { dropMainPrivileges } from './live-privileges.ts';
import { preflight } from './preflight.ts';
import { readyLine } from './ready-line.ts';
import { HangUp, listenForSignals } from './signals.ts';
import { spawnerOf } from './spawn-worker.ts';
import { summaryLines } from './summary.ts';
import { Supervisor } from './supervisor.ts';

/** Resolves with the exit code when it was stopped and is drained. Throws UserError before anything is touched. */
export async function runGateway(settings: GatewaySettings, configFile?: string): Promise<number> {
  const log = openLog(settings.log);
  const hangUp = new HangUp();
  preflight(settings, log);
  const spawn = spawnerOf(settings);
  // Before the wire is touched: a name that is wrong must not leave a bridge behind.
  const account = settings.user === undefined ? undefined : findAccount(settings.user);
  const source = new GatewayPolicy({ settings, configFile });
  // Where it is wanted it is loaded while another thread loads the policy.
  const admins = settings.admin.listen && import('../admin/start-admin.ts');
  const first = await firstPolicy(source, log);
  await admins;
  let stopped: (why: string) => void = () => undefined;
  const stop = new Promise<string>((resolve) => {
    stopped = resolve;
  });
  const record = new EventsRecord(settings.eventsFile, {
    log,
    owner: account,
    inputs: () => source.inputs,
    onReaderGone: () => {
      // `sallyport tap eth0 --events - | head` ends; a bridge carries on without its record.
      if (settings.mode === 'tap') stopped('the reader of the events has gone');
    },
  });
  const outputs = new OutputsRecord(settings.outputs, {
    log,
    owner: account,
    inputs: () => source.inputs,
    onReaderGone: () => undefined,
    observer: { hostname: hostname(), version: packageVersion() },
  });
  const archive = archiveOf(settings, account, log);
  const keeper =
    archive && new FileKeeper(archive.target, settings.archive.files, settings.workers, log);
  const sink = new EventSinks(
    archive === undefined ? [record, outputs] : [record, outputs, archive],
  );
  const supervisor = new Supervisor(
    {
      settings,
      policy: source,
      spawn: (setup) => spawn(setup, archive?.key),
      sink,
      archive: archive && (() => archive.status),
      contents: keeper?.rings,
      outputs: () => outputs.status,
      log,
    },
    first,
  );
  const admin = new AdminHost(supervisor, log);
  supervisor.involve(record, outputs, admin, changedBy(logChange(log)));
  if (archive !== undefined) supervisor.involve(archive);
  if (keeper !== undefined) supervisor.involve(keeper);
  const ledger =
    archive &&
    new GatewayLedger(
      () => supervisor.status(),
      (entry) => archive.ledger(entry),
    );
  const service = process.platform === 'linux' ? new ServiceNotifier() : undefined;
  const quiet = listenForSignals({
    stop: (name) => stopped(name),
    reload: () => {
      record.reopen();
      outputs.reopen();
      service?.reloading();
      void supervisor.reload('signal').then(() => service?.ready());
    },
  });
  try {
    // Before the wire is touched: a port that is in use must not cost anybody a connection.
    await admin.start(settings.admin);
    const wire = settings.mode === 'inline' ? await guardWire(settings, log) : undefined;
    if (wire !== undefined)
      supervisor.involve(changedBy((next) => wire.change(wireSettings(next))));
    await dropOrLeave(settings, wire, archive);
    keeper?.start(archive?.key);
    const opened = await supervisor.start(wire);
    ledger?.start(settings.interfaces);
    const ready = readyLine(settings, opened, first, admin.address);
    log.info(ready);
    service?.ready(ready);
    service?.watch(supervisor.beats);
    source.watch(() => void supervisor.reload('file'));
    if (hangUp.heard) void supervisor.reload('signal');
    log.info('stopping', { why: await stop });
    service?.stopping();
    const clean = await supervisor.stop();
    ledger?.stop();
    tellSummary(supervisor, record.lost, log);
    return clean ? Exit.Ok : Exit.Failed;
  } finally {
    quiet();
    hangUp.close();
    source.close();
    await admin.close();
    record.close();
    await outputs.close();
    await keeper?.stop();
    await archive?.close();
    await log.flush();
  }
}

/** From here on the wire is the kernel's, or shut, until the engine takes it. */
function guardWire(settings: GatewaySettings, log: OpenLog): Promise<WireGuard> {
  const [a = '', b = ''] = settings.interfaces;
  return WireGuard.start({ ...wireSettings(settings), a, b, user: settings.user, log });
}

function wireSettings({ inline, log }: GatewaySettings): WireGuardSettings {
  const { onFailure, onStop, failureTimeout: timeout } = inline;
  return { onFailure, onStop, timeout, logFormat: log.format };
}

function logChange(log: OpenLog): (next: GatewaySettings) => void {
  return ({ log: { level, format } }) => {
    log.setLevel(level);
    log.setFormat(format);
  };
}

/** Its folders are there. Throws UserError. */
function archiveOf(
  { archive, policy }: GatewaySettings,
  owner: Account | undefined,
  log: OpenLog,
): ArchiveRecord | undefined {
  const { store } = archive;
  if (store === undefined) return undefined;
  const { directory } = policy;
  const record = new ArchiveRecord({ settings: { ...archive, store }, directory, log });
  prepareArchiveHome(record.target, owner);
  return record;
}

/**
 * Its thread begins with what is left of our privileges, and makes files of the account that we become. Rejects
 * with UserError; then the watchdog was told that we end.
 */
async function dropOrLeave(
  settings: GatewaySettings,
  wire: WireGuard | undefined,
  archive: ArchiveRecord | undefined,
): Promise<void> {
  try {
    dropMainPrivileges(settings);
    await archive?.start();
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

async function firstPolicy(source: PolicySource, log: OpenLog): Promise<LivePolicy> {
  const { policy, diagnostics } = await source.load();
  for (const line of diagnostics) log[policy === undefined ? 'error' : 'warn'](line);
  if (policy !== undefined) return policy;
  await log.flush();
  throw new UserError('the rules were not loaded: nothing was started');
}
