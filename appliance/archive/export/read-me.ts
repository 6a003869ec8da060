/** The text that stands beside every export, for who gets it and has no Sallyport. */
import type { ExportFormat } from './export-format.ts';
import { MANIFEST, PUBLIC_KEY, SIGNATURE } from './manifest.ts';

export const README = 'README.txt';

const CONTENTS: Readonly<Record<ExportFormat, string>> = {
  jsonl: `events.jsonl    the events, one JSON object a line (docs/events.md of Sallyport)
records.jsonl   line by line what proves them:
                  leaf = SHA-256("sallyport record 1\\n" + sequence as 8 octets, big-endian + envelope)
                  hash = SHA-256(previous + leaf)
                  the envelope's "content" = SHA-256(prefix + content), unless the line says "sealed"`,
  csv: `events.csv      one line a record (RFC 4180, UTF-8). An apostrophe before = + - @ keeps a
                spreadsheet from taking text for a formula; it is not part of the text.`,
  eml: `messages/       one message (RFC 5322) for each conversation and day (UTC). Addresses end in
                .invalid: they stand for accounts of messengers and cannot be written to.`,
  edrm: `edrm.xml        the load file (EDRM XML 1.2)
natives/        one message (RFC 5322) for each conversation and day (UTC)
text/           the same as plain text`,
  html: `index.html      open it in a browser: the conversations`,
};

export function readMe(format: ExportFormat, withFiles: boolean): string {
  const files =
    withFiles && format !== 'eml' ? '\nfiles/          files that were kept, by SHA-256' : '';
  return `An export of an archive of Sallyport, an instant-messaging gateway.

${CONTENTS[format]}${files}
${MANIFEST}   what this is: of which archive, who asked for what, what was left out and why
SHA256SUMS      the digest of every file

To check that nothing was changed, is missing or was added:

  sallyport archive verify-export . --public-key signing.pub.pem

or without Sallyport, in this folder:

  sha256sum -c SHA256SUMS
  sha256sum SHA256SUMS            must be what ${MANIFEST} says under files.sha256
  base64 -d ${SIGNATURE} > /tmp/signature
  openssl pkeyutl -verify -pubin -inkey ${PUBLIC_KEY} -rawin -in ${MANIFEST} -sigfile /tmp/signature

The key must be the one that the owner of the archive gave you by another way.
`;
}
