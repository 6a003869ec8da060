/**
 * The admin server of a running gateway over its reloads: it may move to another address, let in others, begin
 * or end, and where the new place cannot be had it stays where it is.
 */
import type { AdminSettings, GatewaySettings } from '../config/settings.ts';
import { type Change, type Changeable, NO_CHANGE } from '../live/change-over.ts';
import type { Gateway } from '../live/gateway.ts';
import type { Log } from '../log/log.ts';
import type { Admin, AdminListening } from './start-admin.ts';

/** Milliseconds that answers under way may take when a server has moved: one of them tells of the reload. */
const GRACE = 10_000;

export class AdminHost implements Changeable {
  readonly #gateway: Gateway;
  readonly #log: Log;
  #settings: AdminSettings | undefined;
  #running: Admin | undefined;
  /** Those that moved and still have something to say. */
  readonly #leaving = new Set<Admin>();
  #unread = false;

  constructor(gateway: Gateway, log: Log) {
    this.#gateway = gateway;
    this.#log = log;
  }

  /** Where it listens; undefined: nowhere. */
  get address(): string | undefined {
    return this.#running?.address;
  }

  /** Throws UserError. */
  async start(settings: AdminSettings): Promise<void> {
    if (hasPlace(settings)) this.#running = await this.#open(settings, undefined);
    this.#settings = settings;
  }

  async prepare({ admin: next }: GatewaySettings): Promise<Change> {
    const running = this.#running;
    const done = (change: Change): Change => ({
      commit: async () => {
        this.#settings = next;
        await change.commit();
      },
      discard: change.discard,
    });
    if (!hasPlace(next)) return running === undefined ? done(NO_CHANGE) : done(this.#end(running));
    if (running === undefined) return done(this.#begin(await this.#open(next, undefined)));
    if (isSame(this.#settings?.listen, next.listen)) return done(this.#readmit(running, next));
    return done(await this.#move(running, next));
  }

  async close(): Promise<void> {
    for (const admin of this.#leaving) await admin.close();
    await this.#running?.close();
    this.#running = undefined;
  }

  #begin(admin: Admin): Change {
    return {
      commit: () => {
        this.#running = admin;
        this.#log.info(`admin on ${admin.address}`);
      },
      discard: () => admin.close(),
    };
  }

  #end(running: Admin): Change {
    return {
      commit: () => {
        this.#running = undefined;
        this.#leave(running, undefined);
      },
      discard: () => undefined,
    };
  }

  /** The token is read again too: it may have been exchanged. */
  #readmit(running: Admin, next: AdminListening): Change {
    const before = this.#settings;
    const isTold = before?.tokenFile !== next.tokenFile || before?.metrics !== next.metrics;
    if (!isTold && next.tokenFile === undefined) return NO_CHANGE;
    try {
      const commit = running.readmit(next);
      this.#unread = false;
      return { commit, discard: () => undefined };
    } catch (error) {
      if (isTold) throw error;
      // Another account may have read it at the start: the one it read goes on.
      if (!this.#unread) this.#log.warn('the admin token stays as it was', { error });
      this.#unread = true;
      return NO_CHANGE;
    }
  }

  async #move(running: Admin, next: AdminListening): Promise<Change> {
    // 127.0.0.1:9580 and 0.0.0.0:9580 cannot listen at a time.
    const isSamePort = running.port === next.listen.port;
    if (isSamePort) running.pause();
    let admin: Admin;
    try {
      admin = await this.#open(next, running.made);
    } catch (error) {
      if (isSamePort) await running.resume();
      throw error;
    }
    return {
      commit: () => {
        this.#running = admin;
        this.#leave(running, admin);
        this.#log.info(`admin on ${admin.address}`, { before: running.address });
      },
      discard: async () => {
        await admin.close();
        if (isSamePort) await running.resume();
      },
    };
  }

  #leave(running: Admin, next: Admin | undefined): void {
    running.forget();
    // At the same port it is the next one's too.
    if (running.tokenFile === next?.tokenFile) next.leave();
    running.pause();
    this.#leaving.add(running);
    setTimeout(() => {
      this.#leaving.delete(running);
      void running.close();
    }, GRACE).unref();
  }

  /** Loaded where it is wanted. */
  async #open(settings: AdminListening, kept: string | undefined): Promise<Admin> {
    const { startAdmin } = await import('./start-admin.ts');
    return startAdmin(this.#gateway, settings, this.#log, kept);
  }
}

function hasPlace(settings: AdminSettings): settings is AdminListening {
  return settings.listen !== undefined;
}

function isSame(a: AdminSettings['listen'], b: AdminSettings['listen']): boolean {
  return a?.address === b?.address && a?.port === b?.port;
}
