import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectionOptions } from './connection-options.ts';
import { numberPlaceholders } from './placeholders.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

const HOST = 'postgres://me@db.example:6432/record';
const options = (address: string, environment: NodeJS.ProcessEnv = {}) =>
  connectionOptions(address, 'shown', environment);

describe('the way to a PostgreSQL', () => {
  it('is what the address says', () => {
    expect(options(HOST)).toMatchObject({
      ...{ host: 'db.example', port: 6432, user: 'me', database: 'record', ssl: false },
    });
    expect(options('postgres:///record?host=/run/pg&user=me&sslmode=require')).toMatchObject({
      ...{ host: '/run/pg', user: 'me', database: 'record', ssl: false },
    });
  });

  it('is encrypted as libpq would do it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, 'CA');
    try {
      expect(options(`${HOST}?sslmode=require`).ssl).toMatchObject({ rejectUnauthorized: false });
      expect(options(`${HOST}?sslmode=require&sslrootcert=${ca}`).ssl).toMatchObject({
        ...{ rejectUnauthorized: true, ca: 'CA', checkServerIdentity: expect.any(Function) },
      });
      const full = { rejectUnauthorized: true, ca: 'CA' };
      expect(options(HOST, { PGSSLMODE: 'verify-full', PGSSLROOTCERT: ca }).ssl).toEqual(full);
      expect(options(`${HOST}?sslmode=verify-full&sslrootcert=system`).ssl).toEqual({
        rejectUnauthorized: true,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused where it promises nothing, or cannot be', () => {
    expect(() => options(`${HOST}?sslmode=prefer`)).toThrow('does not say whether');
    expect(() => options(`${HOST}?sslmode=verify-full&sslrootcert=/nowhere`)).toThrow('/nowhere');
    expect(() => options(`${HOST}?ssl=true`)).toThrow('no ssl here');
  });
});

describe('what PostgreSQL is told', () => {
  it('counts its placeholders, outside of strings, names and comments', () => {
    const sql = `SELECT '?', 'it''s ?', "?" FROM a WHERE b = ? /* ? */ AND c = ? -- ?\n AND d = ?`;
    const numbered = `SELECT '?', 'it''s ?', "?" FROM a WHERE b = $1 /* ? */ AND c = $2 -- ?\n AND d = $3`;
    expect(numberPlaceholders(sql)).toBe(numbered);
    expect(numberPlaceholders(sql)).toBe(numbered);
  });

  it('has no U+0000, and is given back as it was', () => {
    const texts = ['', 'a', '\0', 'a\0\0b', '\ufdd0', '\ufdd0\0\ufdd1', '\0\ufdd0\ufdd0\ufdd1'];
    for (const text of texts) {
      expect(toStoredText(text)).not.toContain('\0');
      expect(fromStoredText(toStoredText(text))).toBe(text);
    }
    expect(new Set(texts.map(toStoredText)).size).toBe(texts.length);
  });
});
