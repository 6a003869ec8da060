/** Golden tests: files over MSRP. Wire in, events out. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import { ANN_TO_BOB, announced, BOB_TO_ANN, other, send } from './msrp.fixture.ts';

const PDF = 'application/pdf';
/** SHA-1 of `0123456789`. */
const SHA1 = '87acec17cd9dcd20a716cc2cf67417b71c8a7016';
const CPIM =
  'From: <sip:ann@e.example>\r\nTo: <sip:bob@e.example>\r\n\r\nContent-Type: application/pdf\r\n\r\n';

export const FILES: readonly Row[] = [
  {
    name: 'offered in SDP, in two chunks, with the SHA-1 it was announced with',
    context: announced({ sha1: SHA1 }),
    turns: [
      client(
        send('a001', '01234', { type: PDF, flag: '+', total: 10 }),
        send('a002', '56789', { type: PDF, from: 5 }),
      ),
      server(other('a001', '200 OK'), other('a002', '200 OK')),
    ],
    want: [
      {
        kind: 'file.start',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
      },
      {
        kind: 'file.complete',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
          sha256: '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882',
        },
      },
    ],
  },
  {
    name: 'another content, another size than announced',
    context: announced({ sha1: SHA1 }),
    turns: [client(send('a001', '0123456789!', { type: PDF }))],
    want: [
      {
        kind: 'file.start',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
      },
      { anomaly: 'size-exceeded' },
      { anomaly: 'file-hash-differs' },
      {
        kind: 'file.complete',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 11,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
          sha256: '18a7483747f696c3afe0aa6c5e263b3bc41a28e591bdd49f90d15b1cf44b84a6',
        },
        anomalies: ['size-exceeded', 'file-hash-differs'],
      },
    ],
  },
  {
    name: 'a text is a file where one was offered; end-lines of others in it',
    context: announced({ name: 'notes.txt', mime: 'text/plain', size: 24 }),
    turns: [client(send('a001', 'a\r\n-------b001$\r\nMSRP \r\n'))],
    want: [
      {
        kind: 'file.start',
        ...ANN_TO_BOB,
        file: {
          name: 'notes.txt',
          size: 24,
          mime: 'text/plain',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
      },
      {
        kind: 'file.complete',
        ...ANN_TO_BOB,
        file: {
          name: 'notes.txt',
          size: 24,
          mime: 'text/plain',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
          sha256: 'd79dfedc2a3aa20e5165f8dfeb92cca678a5fa30c973b0a34fe36669e07fb875',
        },
      },
    ],
  },
  {
    name: 'wrapped in CPIM',
    context: announced({}),
    turns: [
      client(
        send('a001', `${CPIM}0123`, { type: 'message/cpim', flag: '+', total: CPIM.length + 10 }),
        send('a002', '456789', { type: 'message/cpim', from: CPIM.length + 4 }),
      ),
    ],
    want: [
      {
        kind: 'file.start',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
      },
      {
        kind: 'file.complete',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
          sha256: '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882',
        },
      },
    ],
  },
  {
    name: 'the other side sends what was asked for',
    context: announced({ offererSends: false }),
    turns: [server(send('b001', '0123456789', { type: PDF }))],
    want: [
      {
        kind: 'file.start',
        ...BOB_TO_ANN,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
      },
      {
        kind: 'file.complete',
        ...BOB_TO_ANN,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
          sha256: '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882',
        },
      },
    ],
  },
  {
    name: 'nobody announced it',
    context: announced(),
    turns: [
      client(
        send('a001', 'PNG', {
          type: 'image/png',
          headers: { 'Content-Disposition': 'attachment; filename="a b.png"' },
        }),
      ),
    ],
    want: [
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: {
          name: 'a b.png',
          size: 3,
          mime: 'image/png',
          method: 'msrp',
          endpoint: '10.0.0.2:5000',
        },
      },
      {
        kind: 'file.start',
        ...ANN_TO_BOB,
        file: {
          name: 'a b.png',
          size: 3,
          mime: 'image/png',
          method: 'msrp',
          endpoint: '10.0.0.2:5000',
        },
      },
      {
        kind: 'file.complete',
        ...ANN_TO_BOB,
        file: {
          name: 'a b.png',
          size: 3,
          mime: 'image/png',
          method: 'msrp',
          endpoint: '10.0.0.2:5000',
          sha256: '796120837694d3f3f29259cfeb25091698c2a0aa87873658d840b4993ee889b3',
        },
      },
    ],
  },
  {
    name: 'given up by the sender',
    context: announced({}),
    turns: [
      client(
        send('a001', '0123', { type: PDF, flag: '+', total: 10 }),
        send('a002', '', { flag: '#', from: 4, total: 10 }),
      ),
    ],
    want: [
      {
        kind: 'file.start',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
      },
      {
        kind: 'file.cancel',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 4,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
        reason: 'aborted',
      },
    ],
  },
  {
    name: 'not wanted by the receiver: said once',
    context: announced({}),
    turns: [
      client(send('a001', '0123', { type: PDF, flag: '+', total: 10 })),
      server(other('a001', '413 Stop')),
      client(send('a002', '', { flag: '#', from: 4, total: 10 })),
    ],
    want: [
      {
        kind: 'file.start',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
      },
      {
        kind: 'file.cancel',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 4,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
        reason: '413 Stop',
      },
    ],
  },
  {
    name: 'chunks missing at the end; a part after another one',
    context: announced({}),
    turns: [
      client(
        send('a001', '01', { type: PDF, flag: '+', total: 10 }),
        send('a002', '89', { type: PDF, from: 8, total: 10 }),
      ),
    ],
    want: [
      {
        kind: 'file.start',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 10,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
      },
      { anomaly: 'msrp-chunks-out-of-order' },
      {
        kind: 'file.cancel',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 4,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
        reason: 'incomplete',
        anomalies: ['msrp-chunks-out-of-order'],
      },
    ],
  },
  {
    name: 'an empty file',
    context: announced({ size: 0 }),
    turns: [client(send('a001', ''))],
    want: [
      {
        kind: 'file.start',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 0,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
        },
      },
      {
        kind: 'file.complete',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 0,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          endpoint: '10.0.0.2:5000',
          sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        },
      },
    ],
  },
];
