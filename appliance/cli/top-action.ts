/** What `sallyport top` does once its command line is read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_ADMIN } from '../config/default-settings.ts';
import { harmlessJson } from '../log/json-line.ts';
import { AdminClient, NoAnswer } from '../top/admin-client.ts';
import { findToken } from '../top/find-token.ts';
import { FullScreen } from '../top/full-screen.ts';
import { renderTop } from '../top/render-top.ts';
import { TopSession } from '../top/top-session.ts';
import type { TopView } from '../top/view.ts';
import { Interruption } from './interruption.ts';
import type { Terminal } from './terminal.ts';
import { Exit, UserError } from './user-error.ts';

export interface TopOptions {
  readonly admin?: { readonly address: string; readonly port: number };
  readonly tokenFile?: string;
  readonly once?: true;
  readonly json?: true;
}

const PERIOD = 1000; // milliseconds
/** Rows of each table where no screen bounds them. */
const UNBOUNDED_LINES = 120;

/** Resolves with the exit code. Throws UserError. */
export async function runTop(options: TopOptions, terminal: Terminal): Promise<number> {
  const target = options.admin ?? DEFAULT_ADMIN;
  const client = new AdminClient({ ...target, token: findToken(options.tokenFile, target) });
  const session = new TopSession(client);
  const interruption = new Interruption();
  try {
    await firstAnswer(session, target);
    if (options.once || options.json) await print(session, options, terminal, interruption.signal);
    else await watch(session, terminal, interruption.signal);
    return Exit.Ok; // also after Ctrl-C: that is how one leaves it
  } finally {
    client.close();
    interruption.dispose();
  }
}

async function firstAnswer(
  session: TopSession,
  { address, port }: { readonly address: string; readonly port: number },
): Promise<void> {
  try {
    await session.refresh();
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new UserError(
      `no gateway answers at ${address}:${port}: ${error.message}`,
      'Is it running? Its log says where its admin server listens; --admin ADDR:PORT.',
      Exit.Failed,
    );
  }
}

async function print(
  session: TopSession,
  { once, json }: TopOptions,
  { out, layout }: Terminal,
  signal: AbortSignal,
): Promise<void> {
  do {
    await sleep(PERIOD + 100, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await session.tryRefresh();
    const view = session.view(false);
    if (view === undefined) return;
    if (json) out.line(harmlessJson(JSON.stringify(asJson(view))));
    else for (const line of renderTop(view, { ...layout, height: UNBOUNDED_LINES })) out.line(line);
    out.flush();
  } while (once === undefined);
}

function asJson({ status, rates, flows }: TopView) {
  return {
    status,
    rates: rates && {
      packets: rates.packets,
      bits: rates.bits,
      events: rates.events,
      kernelDrops: rates.kernelDrops,
      busy: Object.fromEntries(rates.busy),
    },
    flows,
  };
}

async function watch(session: TopSession, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { stdin, stdout } = process;
  if (!stdout.isTTY) {
    throw new UserError(
      'top: standard output is no terminal',
      'In scripts say --once, or --json for one line each second.',
    );
  }
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const { paint } = terminal.layout;
  const draw = () => {
    const view = session.view(true);
    if (view !== undefined) screen.draw(renderTop(view, { ...screen.size, paint }));
  };
  const onKey = (key: string) => {
    // Ctrl-C comes as a key: the terminal hands them over one by one.
    if (key === 'q' || key === 'Q' || key === '\u0003' || key === '\u0004') ended.abort();
    if (key === 'p' || key === ' ') session.pause();
    if (key === 's') session.sort();
    draw();
  };
  const screen = new FullScreen({ input: stdin, output: stdout }, onKey, draw);
  const onHangUp = () => ended.abort();
  process.on('SIGHUP', onHangUp);
  screen.enter();
  try {
    void session.listen(stop);
    while (!stop.aborted) {
      if (!session.paused) {
        await session.tryRefresh();
        draw();
      }
      await sleep(PERIOD, undefined, { signal: stop }).catch(() => undefined);
    }
  } finally {
    ended.abort();
    screen.leave();
    process.off('SIGHUP', onHangUp);
  }
}
