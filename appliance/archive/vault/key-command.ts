/**
 * The key-encryption key in a key management service, spoken to by a command:
 *
 *     COMMAND ARGUMENT… wrap      stdin: base64 of 32 octets, line feed    stdout: base64 of the wrapped key
 *     COMMAND ARGUMENT… unwrap    stdin: base64 of the wrapped key         stdout: base64 of the 32 octets
 *
 * No shell reads it, and no key is in its arguments or environment. It ends with 0; else its first line on
 * standard error is told. It is asked once an opening: for the master key, that the data keys are wrapped by.
 */
import { spawnSync } from 'node:child_process';
import { errorCode, systemErrorText } from '../../cli/user-error.ts';
import { ArchiveError } from '../archive-error.ts';
import type { KeyHolder } from './key-holder.ts';
import { KEY_OCTETS } from './wrapping.ts';

/** Milliseconds: a service that is far away answers within seconds. */
const PATIENCE = 30_000;
/** Octets of output read; a wrapped key of AWS KMS has 250, of Vault 100. */
const ANSWER_OCTETS = 16 * 1024;
const COMPLAINT_CHARACTERS = 200;

export function keyCommand(argv: readonly string[], patience = PATIENCE): KeyHolder {
  const [program, ...rest] = argv;
  if (program === undefined) throw new ArchiveError('key-command is empty: name a program');
  const ask = (what: 'wrap' | 'unwrap', octets: Uint8Array) =>
    answer(program, [...rest, what], octets, patience);
  return {
    shown: program,
    id: undefined,
    wrap: (key) => ask('wrap', key),
    unwrap(wrapped) {
      const key = ask('unwrap', wrapped);
      if (key.length === KEY_OCTETS) return key;
      throw new ArchiveError(
        `key command ${program}: unwrap gave ${key.length} octets, and a key has ${KEY_OCTETS}`,
      );
    },
  };
}

function answer(program: string, argv: string[], octets: Uint8Array, patience: number): Buffer {
  const what = `key command ${program} ${argv.at(-1)}`;
  const { error, status, signal, stdout, stderr } = spawnSync(program, argv, {
    input: `${Buffer.from(octets).toString('base64')}\n`,
    timeout: patience,
    killSignal: 'SIGKILL',
    maxBuffer: ANSWER_OCTETS,
    shell: false,
    windowsHide: true,
  });
  // EPIPE: it did not read what it was told; what it ends with tells why.
  if (error !== undefined && errorCode(error) !== 'EPIPE') {
    throw new ArchiveError(`${what}: ${spawnTrouble(error, patience)}`);
  }
  if (status !== 0) {
    const ended = signal === null ? `ended with ${status}` : `was ended by ${signal}`;
    const complaint = firstLine(stderr);
    throw new ArchiveError(`${what}: ${ended}${complaint === '' ? '' : `: ${complaint}`}`);
  }
  const text = stdout.toString('latin1').trim();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new ArchiveError(`${what}: answered with something that is no base64`);
  }
  return Buffer.from(text, 'base64');
}

function spawnTrouble(error: Error, patience: number): string {
  switch (errorCode(error)) {
    case 'ETIMEDOUT':
      return `did not answer within ${patience / 1000} s`;
    case 'ENOBUFS':
      return `answered with more than ${ANSWER_OCTETS} octets`;
    default:
      return systemErrorText(error) ?? error.message;
  }
}

function firstLine(output: Buffer): string {
  const [line = ''] = output.toString('utf8').trim().split('\n', 1);
  return line.length > COMPLAINT_CHARACTERS ? `${line.slice(0, COMPLAINT_CHARACTERS)}…` : line;
}
