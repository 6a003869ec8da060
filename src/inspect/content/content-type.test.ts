import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breaksPromise, typeOf } from './content-type.ts';

const latin1 = (text: string, length = text.length) => {
  const octets = new Uint8Array(length);
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i);
  return octets;
};
const PROGRAM = latin1('MZ\x90\x00', 512);
PROGRAM[0x3c] = 0x80;
PROGRAM.set(latin1('PE\0\0'), 0x80);
const ZIP = latin1('PK\x03\x04\x14\0', 100);
const PDF = latin1('%PDF-1.4\n', 100);
const JPEG = latin1('\xff\xd8\xff\xe0\0\x10JFIF', 100);
const TAR = latin1('name.txt', 512);
TAR.set(latin1('ustar\x0000'), 257);
const TEXT = latin1('Dear Anna, ...');

test.each([
  ['a program', PROGRAM, 'application/vnd.microsoft.portable-executable'],
  ['an archive', ZIP, 'application/zip'],
  ['a PDF', PDF, 'application/pdf'],
  ['a photograph', JPEG, 'image/jpeg'],
  ['a tar', TAR, 'application/x-tar'],
  ['a PNG', latin1('\x89PNG\r\n\x1a\n', 40), 'image/png'],
  ['an old document', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 40), 'application/x-cfb'],
  ['text', TEXT, undefined],
  ['words that begin like a program', latin1('MZ is short for megazoid'), undefined],
  ['two letters of a bitmap', latin1('BM and more text'), undefined],
  ['nothing', new Uint8Array(0), undefined],
])('%s', (_name, head, mime) => expect(typeOf(head)?.mime).toBe(mime));

test('the name says which kind of archive it is', () => {
  const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  expect(typeOf(ZIP, { name: 'plan.DOCX' })?.mime).toBe(docx);
  expect(typeOf(ZIP, { name: 'plan.txt' })?.mime).toBe('application/zip');
});

describe('a promise is broken', () => {
  test.each([
    ['a program called a photograph', PROGRAM, { name: 'holiday.jpg' }],
    ['a program called a text', PROGRAM, { name: 'read me.txt' }],
    ['a program announced as an image', PROGRAM, { mime: 'image/png' }],
    ['an archive called a PDF', ZIP, { name: 'offer.pdf' }],
    ['text called a photograph', TEXT, { name: 'x.jpeg' }],
    ['text called a program', TEXT, { name: 'setup.exe' }],
    ['text announced as a PDF', TEXT, { mime: 'application/pdf; charset=x' }],
    ['a photograph announced as text', JPEG, { name: 'a.jpg', mime: 'text/plain' }],
  ])('%s', (_name, head, offered) => expect(breaksPromise(head, offered)).toBe(true));
});

describe('a promise is kept', () => {
  test.each([
    ['a screen saver is a program', PROGRAM, { name: 'fun.scr' }],
    ['a document is an archive', ZIP, { name: 'plan.docx', mime: 'application/zip' }],
    ['a photograph under its long name', JPEG, { name: 'a.jpeg', mime: 'image/jpeg' }],
    ['text', TEXT, { name: 'letter.txt', mime: 'text/plain' }],
    ['what promises nothing', PROGRAM, { name: 'data.bin', mime: 'application/octet-stream' }],
    ['a name without an extension', PROGRAM, { name: 'setup' }],
    ['an extension that nobody knows', PROGRAM, { name: 'a.qqqq' }],
    ['an empty file', new Uint8Array(0), { name: 'a.pdf' }],
    ['an old document that is RTF inside', latin1('{\\rtf1\\ansi', 60), { name: 'a.doc' }],
  ])('%s', (_name, head, offered) => expect(breaksPromise(head, offered)).toBe(false));
});

test('any octets under any name are no trouble', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.string(), fc.string(), (head, name, mime) => {
      typeOf(head, { name, mime });
      expect([true, false]).toContain(breaksPromise(head, { name, mime }));
    }),
  );
});
