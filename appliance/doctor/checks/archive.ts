/** The archive: can it be reached and opened with its key, does it keep up, is it signed, is there room. */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rfc3339 } from '../../../src/event/time.ts';
import type { Archive } from '../../archive/archive.ts';
import { ArchiveError } from '../../archive/archive-error.ts';
import { countAside } from '../../archive/files/set-aside.ts';
import { openArchive } from '../../archive/open-archive.ts';
import {
  AHEAD_ADVICE,
  readArchiveClock,
  wrongClock,
  wrongClockText,
} from '../../archive/retention/archive-clock.ts';
import { unfinishedErasure } from '../../archive/retention/erase-subject.ts';
import { type ArchiveFacts, archiveFacts } from '../../archive/search/archive-facts.ts';
import {
  readSegmentHeader,
  readSegmentName,
  SEGMENT_HEADER,
} from '../../archive/spool/segment-header.ts';
import { type ArchiveTarget, homePaths, readTarget } from '../../archive/target.ts';
import { openVault } from '../../archive/vault/open-vault.ts';
import { freeIn } from '../../archive/writer/free-room.ts';
import { UserError } from '../../cli/user-error.ts';
import type { ArchiveSettings } from '../../config/settings.ts';
import { counted, duration, size } from '../../report/amounts.ts';
import { type Finding, fail, ok, type Subject, warn } from '../finding.ts';

/** Part of the spool, and seconds: as the alerts of appliance/deploy/prometheus have them. */
const SPOOL_FILLS = 0.5;
const LONGEST_LAG = 60;
/** Checkpoints that may be late before it is said. */
const LATE = 3;

/** Reads alone: nothing is made, and nothing recorded. */
export async function checkArchive({ settings: { archive } }: Subject): Promise<Finding[]> {
  const { store, home } = archive;
  if (store === undefined) return [ok('none is configured (archive: store:)')];
  let target: ArchiveTarget;
  try {
    target = readTarget(store, home);
  } catch (error) {
    return [told(error)];
  }
  return [
    ...(await database(target, archive)),
    ...spool(target, archive),
    ...aside(target),
    ...room(target, archive),
  ];
}

async function database(target: ArchiveTarget, settings: ArchiveSettings): Promise<Finding[]> {
  if (target.kind === 'sqlite' && !existsSync(target.path)) {
    const { checkpoints, folder } = homePaths(target);
    if (!existsSync(checkpoints)) {
      return [ok(`${target.path}: is made when a gateway starts`)];
    }
    const fix = `sallyport archive restore BACKUP.db, or move ${folder} away`;
    return [fail(`${target.path}: is gone, and its home is there`, fix)];
  }
  let archive: Archive | undefined;
  try {
    const vault = openVault(target, settings.encryption);
    archive = await openArchive(target, { readOnly: true, vault });
    return await looked(archive, settings);
  } catch (error) {
    return [told(error)];
  } finally {
    await archive?.close();
  }
}

async function looked(archive: Archive, settings: ArchiveSettings): Promise<Finding[]> {
  const facts = await archiveFacts(archive);
  const findings = [
    ok(`${facts.where}: ${counted(facts.records, 'record')}, ${size(facts.size)}`),
    keys(archive, settings),
    signed(facts, archive.target, settings),
  ];
  const erasing = await unfinishedErasure(archive);
  if (erasing !== undefined) {
    findings.push(warn(`the erasure of ${erasing} was interrupted`, 'Ask for it again.'));
  }
  const wrong = wrongClock(await readArchiveClock(archive.database), Date.now() * 1000);
  // Where nothing is ever purged it does no harm.
  if (wrong !== undefined && settings.retention.length > 0)
    findings.push(warn(wrongClockText(wrong), AHEAD_ADVICE));
  if (facts.backup === undefined) {
    findings.push(warn('there is no backup of it', 'sallyport archive backup FILE.db'));
  }
  return findings;
}

function keys({ vault, target }: Archive, { encryption }: ArchiveSettings): Finding {
  if (vault.locked === true) {
    const fix = 'Name its key in the configuration: archive, encryption, key-file or key-command.';
    return fail(`${homePaths(target).keys}: content is encrypted, and no key is configured`, fix);
  }
  if (vault.encrypts) return ok('content is encrypted, and its key is at hand');
  const isWanted = encryption.keyFile !== undefined || encryption.keyCommand !== undefined;
  return ok(isWanted ? 'content is encrypted from the next start on' : 'content is not encrypted');
}

function signed(
  { checkpoint, records }: ArchiveFacts,
  target: ArchiveTarget,
  { checkpoints: { every } }: ArchiveSettings,
): Finding {
  const { signingKey } = homePaths(target);
  if (checkpoint === undefined) {
    return records === 0
      ? ok('nothing is to be signed yet')
      : warn(
          'no record is signed yet',
          'A gateway signs by itself; else: sallyport archive verify',
        );
  }
  if (!existsSync(signingKey)) {
    const fix =
      'Is the home folder the right one (archive.home)? Bring the key back from a backup.';
    return fail(`${signingKey}: the signing key is missing: nothing more can be signed`, fix);
  }
  const age = Date.now() - Date.parse(checkpoint.at);
  const what = `signed up to record ${checkpoint.upTo}, ${duration(Math.max(0, age / 1000))} ago`;
  // The checkpoint is a record itself.
  if (age < LATE * every || records <= checkpoint.upTo + 1) return ok(what);
  return warn(
    `${what}; there are newer ones`,
    'Does a gateway run? Its log says why it does not sign.',
  );
}

function spool(target: ArchiveTarget, { spool: { size: most } }: ArchiveSettings): Finding[] {
  const { spool: folder } = homePaths(target);
  if (!existsSync(folder)) return [];
  const segments = readdirSync(folder).filter((name) => readSegmentName(name) !== undefined);
  const sizes = segments.map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  const octets = sizes.reduce((sum, one) => sum + one, 0);
  // The oldest entry came when its segment was begun, or later.
  const oldest = Math.min(...segments.map((name) => madeAt(join(folder, name)) ?? Infinity));
  const findings: Finding[] = [];
  const waits = Number.isFinite(oldest) ? (Date.now() - oldest) / 1000 : 0;
  const what = `${folder}: ${size(octets)} of ${size(most)} wait${
    waits > 1 ? `, since ${rfc3339(oldest * 1000)}` : ''
  }`;
  const fix = 'Start the gateway, or see its log for why the database is away.';
  if (octets > SPOOL_FILLS * most) findings.push(fail(`${what}: it is about to lose events`, fix));
  else findings.push(waits > LONGEST_LAG ? warn(what, fix) : ok(what));
  const refused = join(folder, 'refused.jsonl');
  if (existsSync(refused)) {
    const found = `${refused}: lines that can never be records`;
    findings.push(warn(found, 'Report them, and move the file away.'));
  }
  return findings;
}

function aside(target: ArchiveTarget): Finding[] {
  const { incoming } = homePaths(target);
  const count = countAside(incoming);
  if (count === 0) return [];
  const what = `${incoming}/set-aside: ${counted(count, 'file')} that could not be kept`;
  return [
    warn(
      what,
      'The log of the gateway says why. Put them right and move them back, or delete them.',
    ),
  ];
}

/** Milliseconds since 1970; undefined: it has gone meanwhile, or is damaged. */
function madeAt(segment: string): number | undefined {
  let file: number;
  try {
    file = openSync(segment, 'r');
  } catch {
    return undefined;
  }
  try {
    const header = Buffer.alloc(SEGMENT_HEADER);
    readSync(file, header, 0, header.length, 0);
    return readSegmentHeader(header)?.made;
  } finally {
    closeSync(file);
  }
}

function room(target: ArchiveTarget, { spool: { size: most } }: ArchiveSettings): Finding[] {
  const { folder } = homePaths(target);
  const places = target.kind === 'sqlite' ? [folder, dirname(target.path)] : [folder];
  return [...new Set(places.map(nearest))].map((place) => {
    const free = freeIn(place);
    const what = `${place}: ${size(free)} free for the archive`;
    const fix =
      'Free space, move the archive, or let retention delete (archive.retention, purge-at).';
    return free >= most ? ok(what) : warn(`${what}; the spool alone may take ${size(most)}`, fix);
  });
}

/** A folder that is not there yet will be on the file system of the one above it. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

function told(error: unknown): Finding {
  if (error instanceof ArchiveError) return fail(error.message, error.advice);
  if (error instanceof UserError) return fail(error.message, error.hint);
  throw error;
}
