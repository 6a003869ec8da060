/** Durations and addresses as a configuration writes them. */
import { isIP } from 'node:net';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 36e5 };
const LOOPBACK = '127.0.0.1';

/** `200ms`, `1.5s`, `2m` in milliseconds; undefined when it is none. */
export function parseMilliseconds(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim());
  const name = parts?.[2] ?? '';
  const unit = Object.hasOwn(MILLISECONDS, name) ? MILLISECONDS[name] : undefined;
  return parts === null || unit === undefined ? undefined : Number(parts[1]) * unit;
}

export interface ListenAddress {
  readonly address: string;
  readonly port: number;
}

/** `127.0.0.1:9580`, `[::1]:9580`, `localhost:9580`, `9580` (of 127.0.0.1); undefined when it is none. */
export function parseListen(written: string | number): ListenAddress | undefined {
  const parts = /^(?:\[([\da-fA-F:.]+)\]:|([^:[\]\s/]+):)?(\d{1,5})$/.exec(String(written).trim());
  const port = Number(parts?.[3]);
  if (parts === null || port < 1 || port > 65_535) return undefined;
  const [, bracketed, plain] = parts;
  if (bracketed !== undefined && isIP(bracketed) !== 6) return undefined;
  if (plain !== undefined && /^[\d.]+$/.test(plain) && isIP(plain) !== 4) return undefined;
  return { address: bracketed ?? plain ?? LOOPBACK, port };
}

/** Whether only this host can connect to it. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127\./.test(address);
}
