/**
 * The shape of `sallyport.yaml`, and what each setting means: the reader, the JSON Schema for editors
 * and docs/configuration.md all come from here.
 */
import { z } from 'zod';
import { archive } from './archive-schema.ts';
import { LIMIT_BOUNDS, type LimitBounds } from './limit-bounds.ts';
import { outputs } from './outputs-schema.ts';
import { count, DURATION_ERROR, duration, flag, note, path, size } from './setting-types.ts';

const ADMIN_ERROR = 'expected false, or listen:, token-file:, metrics:';

const capture = z
  .strictObject({
    backend: z
      .enum(['auto', 'afpacket', 'cap', 'pcap'])
      .meta(
        note('How packets are read. auto takes the best one there is, and says which.', 'auto'),
      ),
    filter: z
      .string()
      .min(1)
      .meta(note('A tap reads only what fits this pcap filter expression; the kernel applies it.')),
    ring: size.meta(note('Ring buffer of each worker and interface.', '64MiB')),
    'snap-length': count(96, 262_144).meta(note('Octets kept of a packet (tap).', 262_144)),
    promiscuous: flag.meta(note('Take in what is addressed to other hosts.', true)),
    'hardware-time': flag.meta(
      note("Time stamps of the network card, where it has a clock; else the kernel's.", false),
    ),
  })
  .partial()
  .meta({ id: 'capture', description: 'How packets come in.' });

const admin = z
  .strictObject({
    listen: z
      .union([z.string(), z.int()])
      .meta(
        note(
          'Address and port: 127.0.0.1:9580, [::1]:9580, or a port of 127.0.0.1.',
          '127.0.0.1:9580',
        ),
      ),
    'token-file': path.meta(
      note('File with the token that requests must bear. Without it one is made at every start.'),
    ),
    metrics: z
      .enum(['loopback', 'token', 'open'])
      .meta(
        note(
          'Who reads /metrics: programs on this host, whoever has the token, or anybody.',
          'loopback',
        ),
      ),
  })
  .partial()
  .meta({ id: 'admin', description: 'Metrics, health and reload over HTTP.' });

const tap = z
  .strictObject({
    'reset-interface': z
      .string()
      .min(1)
      .meta(note('Resets of forbidden connections go out here. Without it a tap only looks.')),
  })
  .partial()
  .meta({ id: 'tap', description: 'Of mode tap.' });

const ON_FAILURE = ['open', 'closed'] as const;
const inline = z
  .strictObject({
    'on-failure': z
      .enum(ON_FAILURE)
      .meta(
        note('When the engine stops or hangs: open carries everything, closed nothing.', 'open'),
      ),
    'on-stop': z
      .enum(ON_FAILURE)
      .meta(note('After a clean stop, as for an upgrade; without it, as on-failure.')),
    'failure-timeout': duration.meta(
      note('Without a sign of life of the engine for so long, the watchdog acts.', '500ms'),
    ),
    'hold-time': duration.meta(
      note(
        'A packet may wait so long for the rest of a message that could still be refused.',
        '200ms',
      ),
    ),
    'hold-octets': size.meta(note('So much of one direction of a connection may wait.', '14kB')),
  })
  .partial()
  .meta({ id: 'inline', description: 'Of mode inline; the hold of mode nfqueue too.' });

const queue = z
  .strictObject({
    number: count(0, 65_535).meta(note('First netfilter queue; worker n reads number + n.', 0)),
    mark: z
      .int()
      .min(1)
      .max(0xffff_ffff)
      .meta(note('Bit of the connection mark on flows that were let go.', 0x1000_0000)),
    'max-length': count(64, 1 << 20).meta(
      note('Packets that may wait in the kernel, in each queue.', 16_384),
    ),
    'on-failure': z
      .enum(ON_FAILURE)
      .meta(
        note(
          'Without a worker the kernel lets packets by (open) or drops them (closed): the printed rules say it, and are to be printed again when it changes.',
          'open',
        ),
      ),
  })
  .partial()
  .meta({ id: 'queue', description: 'Of mode nfqueue.' });

const log = z
  .strictObject({
    level: z.enum(['debug', 'info', 'warn', 'error']).meta(note('What is logged.', 'info')),
    format: z.enum(['text', 'json']).meta(note('How it is logged.', 'text')),
  })
  .partial()
  .meta({ id: 'log', description: 'What the program says of itself, on standard error.' });

function limitValue({ unit, least, most }: LimitBounds) {
  if (unit === 'octets') return size;
  return unit === 'seconds'
    ? z.union([z.int(), duration], { error: DURATION_ERROR })
    : count(least, most);
}

const limitShape = Object.fromEntries(
  Object.entries(LIMIT_BOUNDS).map(([name, bounds]): [string, z.ZodType] => [
    name,
    limitValue(bounds).meta(note(bounds.what, bounds.preset)),
  ]),
);

const limits = z
  .strictObject(limitShape)
  .partial()
  .meta({ id: 'limits', description: 'What may grow with traffic, a worker: docs/limits.md.' });

export const configFile = z
  .strictObject({
    sallyport: z
      .literal(1, { error: 'the configuration version is 1: sallyport: 1' })
      .meta(note('Version of the configuration.')),
    mode: z
      .enum(['tap', 'inline', 'nfqueue'])
      .meta(note('A tap reads copies; inline is a bridge of two interfaces; nfqueue a router.')),
    interfaces: z
      .array(z.string().min(1), { error: 'expected a list such as [eth1, eth2]' })
      .meta(note('tap: those that are read; inline: the two ends of the bridge; nfqueue: none.')),
    capture: capture.optional(),
    workers: count(1, 64).meta(note('Threads that read packets.', 1)),
    'pin-workers': flag.meta(
      note('Keep worker n on CPU n; the workers of a bridge always are.', false),
    ),
    rules: z
      .union([path, z.array(path)], { error: 'expected a path, or a list of paths' })
      .meta(
        note('Rule files and folders of them. Without it the shipped policies; [] lets all pass.'),
      ),
    services: z
      .union([path, z.array(path)], { error: 'expected a path, or a list of paths' })
      .meta(note('Service files and folders of them, besides the shipped services.')),
    'shipped-services': flag.meta(
      note('Name the services that ship with Sallyport; false: those of `services` alone.', true),
    ),
    directory: path.meta(note('People and their accounts (YAML or CSV).')),
    watch: flag.meta(note('Load rules, lists and directory again when a file changes.', true)),
    events: path.meta(note("Events are added to this file as JSONL; '-' is standard output.")),
    admin: z
      .union([z.literal(false, { error: ADMIN_ERROR }), admin], {
        error: ADMIN_ERROR,
      })
      .meta(note('false: no admin server.'))
      .optional(),
    tap: tap.optional(),
    inline: inline.optional(),
    queue: queue.optional(),
    archive: archive.optional(),
    outputs: outputs
      .optional()
      .meta(note('Further files of events, each in its form, rotated: docs/siem.md.')),
    user: z
      .string()
      .min(1)
      .meta(note('Account, or account:group, that the process becomes once everything is open.')),
    log: log.optional(),
    limits: limits.optional(),
  })
  .partial()
  .meta({ title: 'Sallyport configuration', description: 'sallyport.yaml, version 1.' });

export type ConfigFile = z.infer<typeof configFile>;
