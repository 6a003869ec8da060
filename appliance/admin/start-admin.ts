/** The admin server: metrics, health, reload and what `sallyport top` shows, over HTTP. */
import { type FastifyInstance, fastify } from 'fastify';
import { Exit, errorCode, systemErrorText, UserError } from '../cli/user-error.ts';
import type { AdminSettings } from '../config/settings.ts';
import type { Gateway } from '../live/gateway.ts';
import { harmlessJson } from '../log/json-line.ts';
import type { Log } from '../log/log.ts';
import { Access, isLoopback } from './access.ts';
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
  close(): Promise<void>;
}

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

/** Throws UserError: the port is in use, the token cannot be read. */
export async function startAdmin(
  gateway: Gateway,
  settings: AdminSettings & { readonly listen: NonNullable<AdminSettings['listen']> },
  log: Log,
): Promise<Admin> {
  const { address, port } = settings.listen;
  const given = settings.tokenFile;
  const token = given === undefined ? makeToken() : readToken(given);
  if (given !== undefined) warnOfReadable(given, log);
  const folder = given === undefined ? openRunFolder() : undefined;
  const app = build(gateway, new Access(settings.metrics, new AdminToken(token)), log);
  await listen(app, address, port);
  const actual = portOf(app) ?? port;
  // Only now: a second gateway that finds the port taken must not overwrite the token of the first.
  const tokenFile = given ?? tokenFileIn(folder ?? '', actual);
  if (given === undefined) {
    try {
      leaveToken(token, tokenFile);
    } catch (error) {
      await app.close();
      const why = systemErrorText(error) ?? String(error);
      throw new UserError(
        `${tokenFile}: the admin token cannot be left there: ${why}`,
        undefined,
        Exit.Failed,
      );
    }
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
    tokenFile,
    close: async () => {
      // While nobody else can have the port, and so the name.
      if (given === undefined) forgetToken(tokenFile);
      await app.close();
    },
  };
}

function build(gateway: Gateway, access: Access, log: Log): FastifyInstance {
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
    const refusal = access.refuses({
      path: request.routeOptions.url ?? '',
      host: request.headers.host,
      authorization: request.headers.authorization,
      from: request.socket.remoteAddress,
    });
    if (refusal === undefined) return;
    if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="sallyport"');
    await reply.code(refusal.status).send({ error: refusal.error });
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

function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
