/** The FILEs of a command line, checked before anything is read. */
import { closeSync, openSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageRoot } from './package-root.ts';
import { systemErrorText, UserError } from './user-error.ts';

const CAPTURE_NAME = /\.(?:pcap|pcapng|cap|dmp)\d*(?:\.(?:gz|zst))?$/i;

/** The same paths, if each can be read as a file. Throws UserError. */
export function checkCaptures(paths: readonly string[]): readonly string[] {
  if (paths.filter((path) => path === '-').length > 1) {
    throw new UserError("standard input ('-') can be read only once");
  }
  for (const path of paths) if (path !== '-') checkCapture(path);
  return paths;
}

function checkCapture(path: string): void {
  let stat: ReturnType<typeof statSync>;
  try {
    stat = statSync(path);
    // Opening a pipe would wait for its writer.
    if (stat.isFile()) closeSync(openSync(path, 'r'));
  } catch (error) {
    throw new UserError(`${path}: ${systemErrorText(error) ?? 'cannot be read'}`, globHint(path));
  }
  if (!stat.isDirectory()) return;
  const inside = readdirSync(path).filter((name) => CAPTURE_NAME.test(name));
  const hint =
    inside.length === 0
      ? 'Name capture files; there is none in this directory.'
      : `Name the files in it: sallyport replay ${join(path, '*.pcap*')}`;
  throw new UserError(`${path}: is a directory, not a capture file`, hint);
}

function globHint(path: string): string | undefined {
  return /[*?[]/.test(path)
    ? 'No file matches the pattern; the shell expands patterns.'
    : undefined;
}

/** FILE missing: were the captures taken for rules? `--rules a.yaml day.pcap` reads so. */
export function missingCaptures(rules: readonly string[]): UserError {
  const swallowed = rules.find((path) => CAPTURE_NAME.test(path) || path === '-');
  return new UserError(
    'no capture file given',
    swallowed === undefined
      ? 'Try: sallyport replay FILE…, or sallyport replay --example'
      : `'${swallowed}' was read as a rule file: name captures before --rules.`,
  );
}

/** In test/captures: a day in two offices, and what cannot be read. */
const EXAMPLES = [
  'xmpp-office.pcapng.gz',
  'irc-office.pcap',
  'xmpp-zlib.pcap',
  'irc-ipv6-cooked.pcap',
  'xmpp-starttls.pcap',
];

/** The example captures that ship with Sallyport, as paths from the current directory. */
export function exampleCaptures(): readonly string[] {
  const folder = join(packageRoot(), 'test', 'captures');
  return EXAMPLES.map((name) => relative('.', join(folder, name)));
}
