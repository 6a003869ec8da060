/** The admin server: metrics, health, reload and what `sallyport top` shows, over HTTP. */
import { type FastifyInstance, fastify } from 'fastify';
import { Exit, errorCode, systemErrorText, UserError } from '../cli/user-error.ts';
import type { AdminSettings } from '../config/settings.ts';
import type { Gateway } from '../live/gateway.ts';
import { harmlessJson } from '../log/json-line.ts';
import type { Log } from '../log/log.ts';
import { Access, type Asked, isLoopback, type Refusal } from './access.ts';
import { addRoutes } from './routes.ts';
import { openRunFolder } from './run-folder.ts';
import {
  AdminToken,
  forgetToken,
  leaveToken,
  makeToken,
  readToken,
  tokenFileIn,
  warnOfReadable,
} from './token.ts';

export interface Admin {
  /** `127.0.0.1:9580`, `[::1]:9580`: where it listens. */
  readonly address: string;
  readonly port: number;
  /** Where the token stands. */
  readonly tokenFile: string;
  /** The token, where it was made here. */
  readonly made: string | undefined;
  /** Makes ready who else is let in; the result puts it into force. Throws UserError. */
  readmit(settings: AdminSettings): () => void;
  /** Nobody new is let in; answers under way go out. `resume` undoes it; it rejects where the port is lost. */
  pause(): void;
  resume(): Promise<void>;
  /** Puts a token that was made here where it is found. Throws UserError. */
  leave(): void;
  /** A token that was made here is taken away: before `pause`, while nobody else can have the port, and so the name. */
  forget(): void;
  /** Forgets, and ends with all that is under way. */
  close(): Promise<void>;
}

export type AdminListening = AdminSettings & {
  readonly listen: NonNullable<AdminSettings['listen']>;
};

/** What one client, or many, may take of the main thread. */
const LIMITS = {
  /** Milliseconds a request may take to arrive, and a connection may be silent. */
  patience: 10_000,
  /** Milliseconds between two looks whose time is over (Node: 30 s, in which few could take every connection). */
  lookEvery: 1000,
  /** Connections at a time. */
  connections: 64,
  /** Octets of a request's headers; of its body. */
  headers: 8192,
  body: 4096,
} as const;

/**
 * `kept`: a token that was made before, for whoever has read it. Throws UserError: the port is in use, the token
 * cannot be read.
 */
export async function startAdmin(
  gateway: Gateway,
  settings: AdminListening,
  log: Log,
  kept?: string,
): Promise<Admin> {
  const { address, port } = settings.listen;
  let pass = passOf(settings, log, kept);
  let isForgotten = false;
  const door: Door = {
    refuses: (asked) => pass.access.refuses(asked),
    isLeaving: () => !app.server.listening,
  };
  const app = build(gateway, door, log);
  await listen(app, address, port);
  const actual = portOf(app) ?? port;
  try {
    // Only now: a second gateway that finds the port taken must not overwrite the token of the first.
    pass.leave(actual);
  } catch (error) {
    await app.close();
    throw error;
  }
  if (!isLoopback(address)) {
    log.warn('the admin server is open to the network, and not encrypted', {
      address: hostPort(address, actual),
      advice: 'listen on a management network only, or on loopback behind a TLS proxy',
    });
  }
  return {
    address: hostPort(address, actual),
    port: actual,
    get tokenFile() {
      return pass.tokenFile(actual);
    },
    get made() {
      return pass.made;
    },
    readmit: (next) => {
      const before = pass;
      const { made } = before;
      if (next.tokenFile === undefined && made !== undefined) {
        // It stays where it is: this account may not be able to put it there once more.
        const access = new Access(next.metrics, new AdminToken(made));
        return () => {
          pass = { ...before, access };
        };
      }
      const admitted = passOf(next, log, made);
      admitted.leave(actual);
      return () => {
        if (admitted.tokenFile(actual) !== before.tokenFile(actual)) before.forget(actual);
        pass = admitted;
      };
    },
    pause: () => {
      app.server.close();
    },
    resume: async () => {
      pass.leave(actual); // another one at the same port has taken it away
      await listenAgain(app, address, actual);
    },
    leave: () => pass.leave(actual),
    forget: () => {
      pass.forget(actual);
      isForgotten = true;
    },
    close: async () => {
      if (!isForgotten) pass.forget(actual);
      await app.close();
    },
  };
}

/** Whom a server lets in, and where the token for it stands. */
interface Pass {
  readonly access: Access;
  readonly made: string | undefined;
  tokenFile(port: number): string;
  /** Where it was made here, `sallyport top` finds it. Throws UserError. */
  leave(port: number): void;
  forget(port: number): void;
}

/** Throws UserError. */
function passOf(settings: AdminSettings, log: Log, kept: string | undefined): Pass {
  const { tokenFile: given, metrics } = settings;
  if (given !== undefined) {
    const access = new Access(metrics, new AdminToken(readToken(given)));
    warnOfReadable(given, log);
    const nothing = () => undefined;
    return { access, made: undefined, tokenFile: () => given, leave: nothing, forget: nothing };
  }
  const token = kept ?? makeToken();
  const folder = openRunFolder();
  const tokenFile = (port: number) => tokenFileIn(folder, port);
  return {
    access: new Access(metrics, new AdminToken(token)),
    made: token,
    tokenFile,
    leave: (port) => {
      try {
        leaveToken(token, tokenFile(port));
      } catch (error) {
        const why = systemErrorText(error) ?? String(error);
        const what = `${tokenFile(port)}: the admin token cannot be left there: ${why}`;
        throw new UserError(what, undefined, Exit.Failed);
      }
    },
    forget: (port) => forgetToken(tokenFile(port)),
  };
}

interface Door {
  readonly refuses: (asked: Asked) => Refusal | undefined;
  /** Whoever asks again asks elsewhere. */
  readonly isLeaving: () => boolean;
}

function build(gateway: Gateway, door: Door, log: Log): FastifyInstance {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: LIMITS.body,
    connectionTimeout: LIMITS.patience,
    requestTimeout: LIMITS.patience,
    keepAliveTimeout: LIMITS.patience / 2,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
    http: {
      maxHeaderSize: LIMITS.headers,
      headersTimeout: LIMITS.patience,
      connectionsCheckingInterval: LIMITS.lookEvery,
    },
  });
  app.server.maxConnections = LIMITS.connections;
  // Bodies are allowed, and mean nothing.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, _body, done) => done(null));
  // Names that strangers chose are in it, and it is looked at with curl.
  app.setReplySerializer((payload) => harmlessJson(JSON.stringify(payload)));
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'",
    });
    const refusal = door.refuses({
      path: request.routeOptions.url ?? '',
      host: request.headers.host,
      authorization: request.headers.authorization,
      from: request.socket.remoteAddress,
    });
    if (refusal === undefined) return;
    if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="sallyport"');
    await reply.code(refusal.status).send({ error: refusal.error });
  });
  app.addHook('onSend', async (_, reply) => {
    if (door.isLeaving()) reply.header('connection', 'close');
  });
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'no such page' }));
  app.setErrorHandler((error, request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 400 && status < 500) {
      return reply.code(status).send({ error: error instanceof Error ? error.message : 'refused' });
    }
    // What broke inside is for the log, not for whoever asked.
    log.error('the admin server could not answer', { path: request.routeOptions.url, error });
    return reply.code(500).send({ error: 'could not be answered: see the log' });
  });
  addRoutes(app, gateway, log);
  return app;
}

const WHY: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  EADDRINUSE: [
    'the port is in use',
    'Another gateway runs? Choose another port with --admin ADDR:PORT or admin.listen.',
  ],
  EADDRNOTAVAIL: [
    'this machine does not have that address',
    'Choose one of `ip addr`, or 127.0.0.1.',
  ],
  EACCES: ['not permitted', 'Ports below 1024 need a capability: choose a higher one.'],
};

function portOf(app: FastifyInstance): number | undefined {
  const bound = app.server.address();
  return bound === null || typeof bound === 'string' ? undefined : bound.port;
}

async function listen(app: FastifyInstance, address: string, port: number): Promise<void> {
  try {
    await app.listen({ host: address, port });
  } catch (error) {
    const [why, hint] = WHY[errorCode(error) ?? ''] ?? [String(error), undefined];
    throw new UserError(`admin server: ${hostPort(address, port)}: ${why}`, hint, Exit.Failed);
  }
}

/** A server that was listening before. */
function listenAgain(app: FastifyInstance, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    app.server.once('error', reject);
    app.server.listen({ host, port }, () => {
      app.server.off('error', reject);
      resolve();
    });
  });
}

function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
