/**
 * What a file is by its first octets, and whether that is what its name or media type promised.
 *
 * Signatures are magic-bytes.js's; this table says which of them are certain enough to report, and
 * which names go together: a `.docx` is a ZIP archive, a `.scr` is a program. A promise is only called
 * broken where content of that name always has a signature, or the content has another one.
 */
import { filetypeinfo } from 'magic-bytes.js';
import mime from 'mime';

/** Octets of the beginning that are looked at: the farthest signature used is tar's, at 257. */
export const HEAD_OCTETS = 512;

interface Family {
  /** Media type where the member is not known by name. */
  readonly mime: string;
  /** Names of the signatures (magic-bytes.js). */
  readonly signatures: readonly string[];
  /** Extensions that content with such a signature may have. */
  readonly extensions: readonly string[];
}

const FAMILIES: readonly Family[] = [
  {
    mime: 'application/vnd.microsoft.portable-executable',
    signatures: ['exe'],
    extensions: words('exe dll scr com pif sys ocx cpl drv efi mui'),
  },
  {
    mime: 'application/x-executable',
    signatures: ['ELF'],
    extensions: words('elf so o ko axf out'),
  },
  {
    mime: 'application/x-mach-binary',
    signatures: ['Mach-O'],
    extensions: words('dylib o bundle'),
  },
  {
    mime: 'application/zip',
    signatures: words('zip jar odt ods odp docx xlsx pptx vsdx apk aar'),
    extensions: words(
      'zip jar war ear odt ods odp odg ott docx docm dotx xlsx xlsm xltx xlsb pptx pptm potx ppsx vsdx apk aar epub xpi cbz kmz ipa appx msix nupkg whl xps 3mf pages numbers key',
    ),
  },
  {
    mime: 'application/x-cfb',
    signatures: words('doc xls ppt msg'),
    extensions: words('doc dot xls xlt ppt pps pot msg msi msp vsd pub mpp db'),
  },
  { mime: 'application/pdf', signatures: ['pdf'], extensions: words('pdf ai') },
  { mime: 'application/postscript', signatures: ['ps'], extensions: words('ps eps ai') },
  { mime: 'application/rtf', signatures: ['rtf'], extensions: words('rtf doc') },
  { mime: 'image/jpeg', signatures: ['jpg', 'jpeg'], extensions: words('jpg jpeg jpe jfif jif') },
  { mime: 'image/png', signatures: words('png apng'), extensions: words('png apng') },
  { mime: 'image/gif', signatures: ['gif'], extensions: ['gif'] },
  { mime: 'image/webp', signatures: ['webp'], extensions: ['webp'] },
  {
    mime: 'image/tiff',
    signatures: words('tif tiff cr2'),
    extensions: words('tif tiff cr2 nef dng'),
  },
  { mime: 'image/vnd.adobe.photoshop', signatures: ['psd'], extensions: words('psd psb') },
  { mime: 'application/vnd.rar', signatures: ['rar'], extensions: words('rar cbr') },
  { mime: 'application/x-7z-compressed', signatures: ['7z'], extensions: words('7z cb7') },
  { mime: 'application/x-xz', signatures: words('xz tar.xz'), extensions: words('xz txz') },
  { mime: 'application/vnd.ms-cab-compressed', signatures: ['cab'], extensions: words('cab msu') },
  { mime: 'application/x-tar', signatures: ['tar'], extensions: words('tar gem') },
  { mime: 'video/x-ms-asf', signatures: words('asf wma wmv'), extensions: words('asf wma wmv') },
  { mime: 'audio/wav', signatures: ['wav'], extensions: words('wav wave') },
  { mime: 'video/x-msvideo', signatures: ['avi'], extensions: words('avi divx') },
  { mime: 'audio/flac', signatures: ['flac'], extensions: ['flac'] },
  { mime: 'audio/midi', signatures: words('mid midi'), extensions: words('mid midi kar') },
  {
    mime: 'application/ogg',
    signatures: words('ogv ogm oga spx ogg ogx'),
    extensions: words('ogg oga ogv ogm ogx spx opus'),
  },
  {
    mime: 'video/x-matroska',
    signatures: words('mkv mka mks mk3d webm'),
    extensions: words('mkv mka mks mk3d webm'),
  },
  {
    mime: 'application/vnd.sqlite3',
    signatures: ['sqlite'],
    extensions: words('sqlite sqlite3 db db3'),
  },
  { mime: 'application/wasm', signatures: ['wasm'], extensions: ['wasm'] },
  { mime: 'font/woff', signatures: words('woff woff2'), extensions: words('woff woff2') },
];
/** In a ZIP, before its first entry is known: the plain name, unless the offer named a member. */
const PLAIN = new Set(['zip', 'doc', 'jpg', 'png', 'exe']);
/** Say nothing of what is inside. */
const VAGUE = new Set(['bin', 'dat', 'data', 'tmp', 'part', 'crdownload', 'bak', 'file', 'raw']);
const VAGUE_TYPES = new Set([
  'application/octet-stream',
  'binary/octet-stream',
  'application/x-download',
]);

const BY_SIGNATURE = new Map(
  FAMILIES.flatMap((f) => f.signatures.map((name) => [name, f] as const)),
);

/** What content shows of itself, or undefined where its beginning is no certain signature. */
export interface FoundType {
  readonly mime: string;
}

interface Found extends FoundType {
  readonly family: Family;
}

/** What was promised of the content. */
export interface OfferedType {
  readonly name?: string | undefined;
  readonly mime?: string | undefined;
}

/** @param head the first octets, HEAD_OCTETS of them where there are as many */
export function typeOf(head: Uint8Array, offered: OfferedType = {}): FoundType | undefined {
  return find(head, offered);
}

/** Whether content that begins so breaks what name or media type promise. */
export function breaksPromise(head: Uint8Array, offered: OfferedType): boolean {
  if (head.length === 0) return false;
  const found = find(head, offered);
  const extension = extensionOf(offered.name);
  if (extension !== undefined && !VAGUE.has(extension) && promises(extension)) {
    const families = FAMILIES.filter((family) => family.extensions.includes(extension));
    if (found === undefined ? families.length > 0 : !families.includes(found.family)) return true;
  }
  const type = offered.mime?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || VAGUE_TYPES.has(type)) return false;
  const extensions = mime.getAllExtensions(type) ?? new Set<string>();
  const families = FAMILIES.filter(
    (family) => family.mime === type || family.extensions.some((name) => extensions.has(name)),
  );
  if (found === undefined) return families.length > 0;
  return !families.includes(found.family) && (families.length > 0 || extensions.size > 0);
}

function find(head: Uint8Array, offered: OfferedType): Found | undefined {
  const signatures = filetypeinfo(head.subarray(0, HEAD_OCTETS));
  for (const { typename, mime: named } of signatures) {
    const family = BY_SIGNATURE.get(typename);
    if (family === undefined) continue;
    if (typename === 'exe' && !isProgram(head)) continue;
    const extension = extensionOf(offered.name);
    const member = extension !== undefined && family.extensions.includes(extension);
    const own = member ? mime.getType(extension) : undefined;
    const first = PLAIN.has(typename) ? family.mime : (named ?? family.mime);
    return { family, mime: own ?? (family.signatures.length > 1 ? family.mime : first) };
  }
  return undefined;
}

/**
 * `MZ` alone begins many things: a program has the place of its real header at 0x3c (PE format §2), and
 * there PE, NE, LE or LX; a DOS program has none, and a place inside its own header.
 */
function isProgram(head: Uint8Array): boolean {
  if (head.length < 64) return false;
  const at = (head[0x3c] ?? 0) | ((head[0x3d] ?? 0) << 8);
  return at < 0x40 || at >= head.length || [0x50, 0x4e, 0x4c].includes(head[at] ?? 0);
}

/** Whether a name with this extension promises something. */
function promises(extension: string): boolean {
  return mime.getType(extension) !== null || FAMILIES.some((f) => f.extensions.includes(extension));
}

function extensionOf(name: string | undefined): string | undefined {
  const found = name === undefined ? undefined : /\.([^./\\\s]{1,16})\s*$/.exec(name)?.[1];
  return found?.toLowerCase();
}

function words(text: string): string[] {
  return text.split(' ');
}
