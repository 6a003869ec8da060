import { describe, expect, test } from 'vitest';
import { octets } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { probeNmdc } from './probe.ts';

const { ToServer, ToClient } = Direction;
const { Yes, No, More } = Probe;
const probe = (direction: Direction, text: string, midstream = false) =>
  probeNmdc(direction, octets(text), midstream);

describe('from its beginning', () => {
  test.each<[Direction, string, Probe]>([
    [ToClient, '$Lock EXTENDEDPROTOCOLxyz Pk=PtokaX|', Yes],
    [ToServer, '$Lock EXTENDEDPROTOCOLxyz Pk=PtokaX|', No],
    [ToClient, '$Lock no key|', No],
    [ToServer, '$Supports NoHello ZPipe0|$Key \x15\xd1|', Yes],
    [ToServer, '$Supports NoHello ZPipe0|$Hello|', No],
    [ToServer, '$Key \x15\xd1|$ValidateNick ann|', Yes],
    [ToServer, '$ValidateNick ann|$Version 1|', Yes],
    [ToServer, '$MyNick ann|$Lock x Pk=y|', Yes],
    [ToClient, '$MyNick ann|$Lock x Pk=y|', Yes],
    [ToServer, '$MyNick |$Lock x Pk=y|', No],
    [ToServer, '$MyNick ann|<bob> hi|', No],
    [ToServer, '$', More],
    [ToServer, '$GetPass|', No],
    [ToServer, '<ann> hi|', No],
    [ToClient, '$100 is a price|', No],
    [ToClient, `$Lock ${'x'.repeat(2000)}`, No],
    [ToClient, '', More],
  ])('%i %j: %i', (direction, text, want) => expect(probe(direction, text)).toBe(want));

  test('every shorter piece is More', () => {
    for (const [direction, text] of [
      [ToClient, '$Lock EXTENDEDPROTOCOLxyz Pk=PtokaX|'],
      [ToServer, '$MyNick ann|$Lock '],
      [ToServer, '$Supports NoHello|$Key '],
    ] as const)
      for (let length = 0; length < text.length; length++)
        expect(probe(direction, text.slice(0, length)), text.slice(0, length)).toBe(More);
  });
});

describe('picked up in the middle', () => {
  test.each<[Direction, string, Probe]>([
    [ToClient, '$To: ann From: bob $<bob> hi|', Yes],
    [ToServer, '<ann> hi|<ann> ho|$MyINFO $ALL ann x$ $x\x01$$0$|', Yes],
    [ToClient, '<ann> hi|$HubName Moor|', Yes],
    [ToServer, '<ann> hi|$HubName Moor|', No], // the mirror image
    [ToServer, '$RevConnectToMe ann bob|', Yes],
    [ToClient, '$RevConnectToMe ann bob|', No],
    [ToClient, '$ConnectToMe ann 10.0.0.1:412|', Yes],
    [ToClient, '$ConnectToMe ann|', No],
    [ToServer, '$ADCGET file files.xml.bz2 0 -1 ZL1|', Yes],
    [ToServer, '$ADCGET wrong|', More],
    [ToClient, '$To: nobody|', No],
    [ToClient, '<ann> hi|', More],
    [ToClient, '<html> <body>|</body>', More], // looks like chat, until more of it comes
    [ToClient, '<html> <body>|</body><p class="x">', No],
    [ToClient, '<html lang="en">', No],
    [ToClient, '<?xml version="1.0"?>', No],
    [ToClient, '<message to="a@b"><body>$MyINFO $ALL x|', No],
    [ToClient, '$1 prize|', No],
    [ToClient, 'hi|$HubName x|', No],
  ])('%i %j: %i', (direction, text, want) => expect(probe(direction, text, true)).toBe(want));
});
