/** The shape of a service file. Names, networks and signatures are read further by read-services.ts. */
import { z } from 'zod';
import { CONFIDENCES } from '../../src/event/event.ts';
import { ENTRY_ACTIVITIES, SERVICE_KINDS } from './catalogue.ts';

/** Names, networks or signatures of one entry: an address list of a cloud is one of thousands. */
const MOST_NAMES = 20_000;
const MOST_ENTRIES = 500;
const MOST_SERVICES = 1000;

function namesOf(what: string) {
  return z
    .array(z.string({ error: 'expected a text' }).min(1).max(300), {
      error: `expected a list of ${what}`,
    })
    .min(1)
    .max(MOST_NAMES);
}

const text = z.string({ error: 'expected a text' }).min(1).max(500);
const date = z
  .string({ error: 'expected a date in quotes, such as "2026-11-26"' })
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'expected a date such as "2026-11-26"' });
const confidence = z.enum(CONFIDENCES);
const port = z.union([z.int().min(1).max(65_535), z.string().regex(/^\d{1,5}-\d{1,5}$/)], {
  error: 'expected a port, or a range such as 3478-3481',
});

const entry = z
  .strictObject({
    activity: z
      .enum(ENTRY_ACTIVITIES)
      .optional()
      .meta({ description: 'What a connection there is for; absent: the entry does not tell.' }),
    hosts: namesOf('host names')
      .optional()
      .meta({ description: 'Names, each with all names below it. * and [1-16] within a label.' }),
    exact: namesOf('host names')
      .optional()
      .meta({ description: 'Names without those below them.' }),
    signatures: namesOf('signatures')
      .optional()
      .meta({ description: 'What recognisers call first octets and attributes: whatsapp-noise.' }),
    alpn: namesOf('ALPN ids')
      .optional()
      .meta({ description: 'Application protocols offered in the TLS handshake.' }),
    networks: namesOf('networks')
      .optional()
      .meta({ description: 'Addresses and networks; in an entry of their own, low by default.' }),
    ports: z
      .array(port, { error: 'expected a list of ports' })
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Names and networks count at these ports only.' }),
    transport: z
      .enum(['tcp', 'udp'])
      .optional()
      .meta({ description: 'Networks count over this transport only.' }),
    confidence: confidence.optional().meta({
      description: 'Without it high; shared: medium; networks: low.',
    }),
    shared: z
      .boolean()
      .optional()
      .meta({ description: 'Others are at the same addresses: content networks, clouds.' }),
    source: text.optional().meta({ description: 'Where the facts are from.' }),
    date: date.optional().meta({ description: 'When they were read.' }),
    proof: namesOf('names, signatures or address:port/transport')
      .optional()
      .meta({ description: 'What this entry must answer: names seen or published.' }),
    seen: namesOf('captures')
      .optional()
      .meta({ description: 'Captures of the test corpus in which it was seen.' }),
  })
  .meta({ id: 'entry' });

const service = z
  .strictObject({
    service: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,49}$/, {
        error: 'a service is lower-case letters, digits and dashes',
      })
      .meta({ description: 'As events and rules call it.' }),
    name: text.optional().meta({ description: 'As people call it.' }),
    kind: z.enum(SERVICE_KINDS).optional().meta({
      description:
        'messenger (the default); social: much else besides; evasion: hides where connections go.',
    }),
    replace: z.boolean().optional().meta({
      description: 'true: what files before this one say of the service no longer counts.',
    }),
    source: text.optional().meta({ description: 'Of all entries that name none.' }),
    date: date.optional().meta({ description: 'Of all entries that name none.' }),
    confidence: confidence
      .optional()
      .meta({ description: 'Of all entries of names and signatures that tell none.' }),
    entries: z.array(entry, { error: 'expected a list of entries' }).max(MOST_ENTRIES),
  })
  .meta({ id: 'service' });

export const serviceFile = z
  .strictObject({
    sallyport: z.literal(1, { error: 'expected 1, the version of this format' }),
    services: z.array(service, { error: 'expected a list of services' }).min(1).max(MOST_SERVICES),
  })
  .meta({ title: 'Sallyport services', description: 'Service file, version 1.' });

export type ServiceFile = z.infer<typeof serviceFile>;
export type WrittenService = ServiceFile['services'][number];
export type WrittenEntry = WrittenService['entries'][number];
