import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { failure, libc } from '../../src/capture/native/libc.ts';
import { needs } from '../../test/support/need.ts';
import { ServiceNotifier } from './service-notifier.ts';

/** Which is: Linux. */
const need = needs({ tools: ['ip'] });
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

describe.skipIf(need.skip)(`the service manager hears${need.why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sp-notify-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['a path', join(folder, 'socket')],
    ['an abstract name', `@sp-notify-${process.pid}`],
  ])('at %s', (_what, path) => {
    const heard = listen(path);
    const environment: NodeJS.ProcessEnv = {
      NOTIFY_SOCKET: path,
      WATCHDOG_USEC: '4000000',
      WATCHDOG_PID: String(process.pid),
      OTHER: 'stays',
    };
    const notifier = new ServiceNotifier(environment);
    expect(environment).toEqual({ OTHER: 'stays' });
    expect(notifier.present).toBe(true);
    notifier.reloading(); // SIGHUP while it starts: not over when the reload is
    notifier.ready();
    expect(heard()).toEqual([]);
    notifier.ready('carries eth1 – eth2\nREADY=0');
    expect(heard()).toEqual(['READY=1\nSTATUS=carries eth1 – eth2 READY=0']);
    notifier.reloading();
    expect(heard()[0]).toMatch(/^RELOADING=1\nMONOTONIC_USEC=\d{6,}$/);
    notifier.ready();
    expect(heard()).toEqual(['READY=1']);
    for (const milliseconds of [0, 999, 1000, 1500]) notifier.alive(milliseconds);
    expect(heard()).toEqual(['WATCHDOG=1', 'WATCHDOG=1']);
    notifier.stopping();
    expect(heard()).toEqual(['STOPPING=1\nSTATUS=draining']);
  });

  test("a sign of life that is another process's is not given", () => {
    const path = join(folder, 'other');
    const heard = listen(path);
    const wanted = { NOTIFY_SOCKET: path, WATCHDOG_USEC: '4000000', WATCHDOG_PID: '1' };
    new ServiceNotifier({ ...wanted }).alive();
    new ServiceNotifier({ NOTIFY_SOCKET: path }).alive();
    expect(heard()).toEqual([]);
  });
});

test('without a service manager nothing is sent', () => {
  expect(new ServiceNotifier({}).present).toBe(false);
  expect(new ServiceNotifier({ NOTIFY_SOCKET: 'relative' }).present).toBe(false);
  expect(new ServiceNotifier({ NOTIFY_SOCKET: `/${'x'.repeat(200)}` }).present).toBe(false);
});

/** Datagrams of this machine are there when they were sent. */
function listen(path: string): () => string[] {
  const fd = libc().socket(AF_UNIX, SOCK_DGRAM, 0);
  // sockaddr_un; an abstract name begins with a zero octet and has none at its end.
  const address = Buffer.concat([Uint16Array.of(AF_UNIX), Buffer.from(path)].map(octetsOf));
  if (path.startsWith('@')) address[2] = 0;
  const whole = path.startsWith('@') ? address : Buffer.concat([address, Buffer.alloc(1)]);
  if (libc().bind(fd, whole, whole.length) !== 0) throw new Error(failure());
  const datagram = new Uint8Array(4096);
  return () => {
    const texts: string[] = [];
    for (;;) {
      const length = Number(libc().recv(fd, datagram, datagram.length, MSG_DONTWAIT));
      if (length < 0) return texts;
      texts.push(new TextDecoder().decode(datagram.subarray(0, length)));
    }
  };
}

function octetsOf(view: Uint16Array | Buffer): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
