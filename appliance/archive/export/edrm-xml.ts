/**
 * What an EDRM XML 1.2 load file is made of:
 *
 *     Root
 *       Batch
 *         Documents
 *           Document DocID DocType MimeType
 *             Files / File FileType / ExternalFile FilePath FileName FileSize Hash HashType
 *             Locations / Location / Custodian, LocationURI
 *             Tags / Tag TagName TagDataType TagValue
 *         Relationships
 *           Relationship Type ParentDocId ChildDocId
 *
 * Hash is MD5, as load files have it, to know a document by; tags and SHA256SUMS have SHA-256, to prove it.
 */
import { harmless } from '../../../src/event/harmless.ts';
import { xmlText } from './xml-text.ts';

export const EDRM_HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<Root MajorVersion="1" MinorVersion="2" Description="Sallyport export" Locale="en" DataInterchangeType="Update">
  <Batch>
    <Documents>
`;
/** Between documents and relationships. */
export const EDRM_MIDDLE = '    </Documents>\n    <Relationships>\n';
export const EDRM_FOOT = '    </Relationships>\n  </Batch>\n</Root>\n';

export interface EdrmFile {
  /** In the export. */
  readonly name: string;
  readonly size: number;
  readonly md5: string;
  readonly sha256: string;
}

export type EdrmTag = readonly [
  name: string,
  type: 'Text' | 'DateTime' | 'Integer' | 'LongInteger',
  value: string | number | undefined,
];

export interface EdrmDocument {
  readonly id: string;
  readonly type: 'Message' | 'File';
  readonly mime: string;
  readonly files: readonly (readonly ['Native' | 'Text', EdrmFile])[];
  readonly custodians: readonly string[];
  /** Message-ID. */
  readonly location: string | undefined;
  readonly tags: readonly EdrmTag[];
}

export function edrmDocument({
  id,
  type,
  mime,
  files,
  custodians,
  location,
  tags,
}: EdrmDocument): string {
  const fileLines = files.map(([kind, { name, size, md5 }]) => {
    const cut = name.lastIndexOf('/');
    const external = {
      FilePath: name.slice(0, cut),
      FileName: name.slice(cut + 1),
      FileSize: size,
      Hash: md5,
      HashType: 'MD5',
    };
    return `          <File${xml({ FileType: kind })}><ExternalFile${xml(external)}/></File>\n`;
  });
  const locations = custodians.map((custodian) => {
    const uri =
      location === undefined
        ? ''
        : `<LocationURI>${xmlText(`mid:${location.slice(1, -1)}`)}</LocationURI>`;
    return `          <Location><Custodian>${xmlText(harmless(custodian))}</Custodian>${uri}</Location>\n`;
  });
  const tagLines = tags
    .filter(([, , value]) => value !== undefined && value !== '')
    .map(([TagName, TagDataType, TagValue]) => {
      return `          <Tag${xml({ TagName, TagDataType, TagValue: TagValue ?? '' })}/>\n`;
    });
  return (
    `      <Document${xml({ DocID: id, DocType: type, MimeType: mime })}>\n` +
    `        <Files>\n${fileLines.join('')}        </Files>\n` +
    (locations.length === 0
      ? ''
      : `        <Locations>\n${locations.join('')}        </Locations>\n`) +
    `        <Tags>\n${tagLines.join('')}        </Tags>\n      </Document>\n`
  );
}

/** A kept file belongs to the conversation that it was sent in. */
export function edrmAttachment(parent: string, child: string): string {
  return `      <Relationship${xml({ Type: 'Attachment', ParentDocId: parent, ChildDocId: child })}/>\n`;
}

/** Attributes, text from the network made harmless before it is escaped. */
function xml(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(harmless(String(value)))}"`)
    .join('');
}
