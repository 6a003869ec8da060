/**
 * A name from the network as the name of a file: one component, visible, short, and ordinary on every
 * file system. Never a path, never hidden, never a device of Windows.
 */
const LONGEST = 120; // characters; file systems take 255 octets, and UTF-8 has up to 4 a character
const LONGEST_OCTETS = 200;

// Controls, separators, surrogates, formatting that reorders or hides; what shells and Windows reserve.
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}<>:"|?*\\/%$`!&;]/gu;
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

/** `../../etc/passwd` is `passwd`, `` is `unnamed`. */
export function safeName(offered: string | undefined): string {
  const last = (offered ?? '').split(/[/\\]/).findLast((part) => part.trim() !== '') ?? '';
  const plain = last
    .normalize('NFC')
    .replace(UNSAFE, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.-]+/, '')
    .replace(/[\s.]+$/, '');
  const named = plain === '' ? 'unnamed' : DEVICE.test(plain) ? `_${plain}` : plain;
  return shortened(named);
}

/** `a.txt`, 2 → `a (2).txt` */
export function numbered(name: string, count: number): string {
  const { stem, extension } = parts(name);
  return `${stem} (${count})${extension}`;
}

/** The extension says what it is: it stays. */
function shortened(name: string): string {
  const { stem, extension } = parts(name);
  const kept: string[] = [];
  let octets = Buffer.byteLength(extension);
  for (const character of stem) {
    octets += Buffer.byteLength(character);
    if (octets > LONGEST_OCTETS || kept.length + extension.length >= LONGEST) break;
    kept.push(character);
  }
  return kept.join('').trimEnd() + extension;
}

function parts(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || name.length - dot > 17) return { stem: name, extension: '' };
  return { stem: name.slice(0, dot), extension: name.slice(dot) };
}
