/** The files that are sent: the same octets in every recording, with the right first octets. */

/** A one-page PDF of about 2.5 kB whose text is plain to read. */
export function offerPdf(): Buffer {
  const lines = Array.from(
    { length: 60 },
    (_, index) => `% Position ${index + 1}: ${(index + 1) * 12} widgets at ${99 + index}.00 EUR`,
  );
  return Buffer.from(
    `%PDF-1.4\n${lines.join('\n')}\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n`,
  );
}

/** The first octets of an Office document (a ZIP archive), then `size` octets that never change. */
export function workbook(size: number): Buffer {
  const content = Buffer.alloc(size);
  let state = 2026;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    content[index] = state >>> 24;
  }
  content.set([0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x06, 0x00]);
  return content;
}

export function lunchMenu(): Buffer {
  return Buffer.from('Monday: lentil soup\nTuesday: pasta al forno\nWednesday: curry 🍛\n');
}
