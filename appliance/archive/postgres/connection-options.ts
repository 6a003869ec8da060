/**
 * How to reach a PostgreSQL: from postgres://user@host:port/database?… and the environment (PGUSER, PGPASSWORD,
 * PGPASSFILE, PGSSLMODE, PGSSLROOTCERT, PGSSLCERT, PGSSLKEY, …).
 *
 * TLS as libpq has it: `require` encrypts and checks the certificate only where sslrootcert is given,
 * `verify-ca` checks who signed it, `verify-full` its name too. Without sslmode nothing is encrypted; `allow`
 * and `prefer` are refused, since they are no promise.
 */
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { ArchiveError } from '../archive-error.ts';
import { ROW_TYPES } from './row-types.ts';

/** Milliseconds until a connection must be there. */
const CONNECT = 10_000;
/** Milliseconds of silence after which the system asks the other side whether it is there. */
const KEEPALIVE = 15_000;
/** Connections at the same time: a transaction, queries that are read row by row, and what is asked beside. */
const CONNECTIONS = 10;
/** Milliseconds after which a connection that nobody uses is closed. */
const IDLE = 30_000;

const KNOWN = new Set([
  ...['host', 'port', 'user', 'application_name', 'options', 'connect_timeout'],
  ...['sslmode', 'sslrootcert', 'sslcert', 'sslkey'],
]);

/** Throws ArchiveError: an unknown parameter, a certificate that cannot be read. */
export function connectionOptions(
  address: string,
  shown: string,
  environment: NodeJS.ProcessEnv = process.env,
): pg.PoolConfig {
  const url = new URL(address);
  const given = url.searchParams;
  const unknown = [...given.keys()].find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    throw new ArchiveError(
      `${shown}: PostgreSQL's address has no ${unknown} here`,
      `It may have ${[...KNOWN].join(', ')}.`,
    );
  }
  const host = given.get('host') ?? decodeURIComponent(url.hostname);
  const database = decodeURIComponent(url.pathname.slice(1));
  const user = given.get('user') ?? decodeURIComponent(url.username);
  const port = given.get('port') ?? url.port;
  const options = given.get('options');
  return {
    ...(host !== '' && { host }),
    ...(port !== '' && { port: Number(port) }),
    ...(user !== '' && { user }),
    ...(database !== '' && { database }),
    ...(options !== null && { options }),
    ssl: host.startsWith('/') ? false : tls(given, environment, shown),
    application_name: given.get('application_name') ?? 'sallyport',
    connectionTimeoutMillis: Number(given.get('connect_timeout') ?? 0) * 1000 || CONNECT,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE,
    max: CONNECTIONS,
    idleTimeoutMillis: IDLE,
    // An archive that is not closed does not keep the program running.
    allowExitOnIdle: true,
    types: ROW_TYPES,
  };
}

type Tls = Exclude<pg.PoolConfig['ssl'], undefined>;

function tls(given: URLSearchParams, environment: NodeJS.ProcessEnv, shown: string): Tls {
  const mode = given.get('sslmode') ?? environment.PGSSLMODE ?? 'disable';
  if (mode === 'disable') return false;
  if (!['require', 'verify-ca', 'verify-full'].includes(mode)) {
    throw new ArchiveError(
      `${shown}: sslmode=${mode} does not say whether the connection is encrypted`,
      'Write require, verify-ca, verify-full or disable.',
    );
  }
  const file = (name: string) =>
    pem(given.get(name) ?? environment[`PG${name.toUpperCase()}`], name, shown);
  const ca = file('sslrootcert');
  const cert = file('sslcert');
  const key = file('sslkey');
  return {
    rejectUnauthorized: mode !== 'require' || ca !== undefined,
    // Who signed it is all that is asked.
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function pem(path: string | undefined, name: string, shown: string): string | undefined {
  if (path === undefined || path === '') return undefined;
  // libpq's word for the certificates of the system, which Node brings.
  if (name === 'sslrootcert' && path === 'system') return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ArchiveError(`${shown}: ${name} ${path} cannot be read`);
  }
}
