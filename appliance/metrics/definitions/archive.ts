/** The record: what is in it, what waits for it, what it lost. Nothing where there is no archive. */
import type { ArchiveStatus } from '../../live/archive-record.ts';
import type { GatewayStatus } from '../../live/gateway.ts';
import type { Metric, Sample } from '../metric.ts';
import { byName, one } from '../sums.ts';

function of(value: (archive: ArchiveStatus) => number) {
  return ({ archive }: GatewayStatus): Sample[] =>
    archive === undefined ? [] : [...one(value(archive))];
}

export const ARCHIVE_METRICS: readonly Metric[] = [
  {
    name: 'sallyport_archive_up',
    type: 'gauge',
    help: '1 while the database of the archive can be written to.',
    labels: [],
    advice: '0 for minutes: the log says why; events wait in the spool meanwhile.',
    samples: of(({ up }) => (up ? 1 : 0)),
  },
  {
    name: 'sallyport_archive_events_total',
    type: 'counter',
    help: 'Events that became records.',
    labels: [],
    advice: 'Its rate follows that of the events.',
    samples: of(({ archived }) => archived),
  },
  {
    name: 'sallyport_archive_unwanted_events_total',
    type: 'counter',
    help: 'Events that policy did not want kept (`archive: none`).',
    labels: [],
    advice: 'Compare with what the policy is meant to leave out.',
    samples: of(({ notArchived }) => notArchived),
  },
  {
    name: 'sallyport_archive_lost_events_total',
    type: 'counter',
    help: 'Events that are not in the archive and should be: spool or disk full, thread died, spool damaged.',
    labels: [],
    advice: 'More than 0: the record is not complete; its ledger says when and why.',
    samples: of(({ lost }) => lost),
  },
  {
    name: 'sallyport_archive_refused_events_total',
    type: 'counter',
    help: 'Lines that can never be records; they are in `refused.jsonl` of the spool folder.',
    labels: [],
    advice: 'Every one is a fault worth a report.',
    samples: of(({ refused }) => refused),
  },
  {
    name: 'sallyport_archive_spool_bytes',
    type: 'gauge',
    help: 'What waits on the disk for the database.',
    labels: [],
    advice: 'Grows for minutes: the database is away or too slow.',
    samples: of(({ spoolOctets }) => spoolOctets),
  },
  {
    name: 'sallyport_archive_spool_limit_bytes',
    type: 'gauge',
    help: 'What may wait (`archive.spool.size`); what finds no room is lost.',
    labels: [],
    advice: 'So large that it lasts for the longest absence of the database.',
    samples: of(({ spoolSize }) => spoolSize),
  },
  {
    name: 'sallyport_archive_lag_seconds',
    type: 'gauge',
    help: 'For how long the oldest event that waits has been waiting.',
    labels: [],
    advice: 'Some seconds at most while the database is there.',
    samples: of(({ lag }) => lag),
  },
  {
    name: 'sallyport_archive_commits_total',
    type: 'counter',
    help: 'Transactions that wrote events.',
    labels: [],
    advice: 'For the mean of the next one.',
    samples: of(({ commits }) => commits),
  },
  {
    name: 'sallyport_archive_commit_seconds_total',
    type: 'counter',
    help: 'Time that transactions took.',
    labels: [],
    advice: 'Its rate is how busy the archive is; near 1 it cannot keep up.',
    samples: of(({ commitSeconds }) => commitSeconds),
  },
  {
    name: 'sallyport_archive_checkpoints_total',
    type: 'counter',
    help: 'Signatures of the chain of records.',
    labels: [],
    advice:
      'None for longer than `archive.checkpoints.every`, while there are records: see the log.',
    samples: of(({ checkpoints }) => checkpoints),
  },
  {
    name: 'sallyport_archive_unsigned_seconds',
    type: 'gauge',
    help: 'For how long the oldest record without a signature has been waiting for one; 0: all are signed.',
    labels: [],
    advice:
      'Somewhat more than `archive.checkpoints.every` at most; else signing fails or is refused: see the log, and `sallyport archive verify`.',
    samples: of(({ unsignedFor }) => unsignedFor),
  },
  {
    name: 'sallyport_archive_purge_waiting',
    type: 'gauge',
    help: 'Whether the daily purge waits because the clock is far ahead of what the archive proves: 1, else 0.',
    labels: [],
    advice:
      '1: the clock is wrong: set it. Or nothing was recorded for more than a week: `sallyport archive purge --trust-clock`.',
    samples: of(({ purgeWaits }) => (purgeWaits === undefined ? 0 : 1)),
  },
  {
    name: 'sallyport_archive_free_bytes',
    type: 'gauge',
    help: 'Room left where the archive writes: its home folder (spool, kept files) and its database file, whichever has less.',
    labels: [],
    advice:
      'Less than `archive.spool.size`: the spool cannot take what it may. 0: events are lost.',
    samples: ({ archive }) => (archive?.free === undefined ? [] : [...one(archive.free)]),
  },
  {
    name: 'sallyport_archive_thread_restarts_total',
    type: 'counter',
    help: 'Times the thread that archives died and was started again.',
    labels: [],
    advice: 'Every one is a fault worth a report.',
    samples: of(({ restarts }) => restarts),
  },
  {
    name: 'sallyport_archive_files_total',
    type: 'counter',
    help: 'Files that a rule asked to keep: kept, repeated (their content was there already), and why others are not.',
    labels: ['result'],
    advice:
      '`too-large`, `no-room`: raise `archive.files`, or let retention make room. `behind`, `damaged`: the disk of the archive. `set-aside`, `keyless`: the log says which file, and why.',
    samples: ({ archive }) => {
      if (archive === undefined) return [];
      const { octets: _summedBelow, ...files } = archive.files;
      return byName('result', Object.entries(files));
    },
  },
  {
    name: 'sallyport_archive_file_bytes_total',
    type: 'counter',
    help: 'Octets of files that were stored; a content that was there already counts nothing.',
    labels: [],
    advice: 'How fast the folder of files fills.',
    samples: of(({ files }) => files.octets),
  },
];
