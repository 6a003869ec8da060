/** Captures of MQTT against their ground truth. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { GroundTruth } from './checker.ts';
import type { Explained } from './compare.ts';
import { expectPublicMqtt, expectRecordedMqtt, unread } from './expect-mqtt.ts';
import { RECORDED_EXPLANATIONS } from './judged.ts';
import { replayFile } from './replay.ts';
import { capturesBelow, readPublic, readRecorded, recordedNames } from './truth.ts';

const run = promisify(execFile);
const need = needs({ corpus: true });
const second = needs({ corpus: true, tools: ['tshark'] });
const truths = new GroundTruth();
/** Its broker listens on 17501, where the script that made the truth did not look. */
const UNTOLD = 'mqtt/coap_mqtt.pcap';
const explanations: readonly Explained[] = [
  ...RECORDED_EXPLANATIONS,
  { why: 'UNSUBSCRIBE, which the truth passes over', covers: ({ kind }) => kind === 'room.leave' },
];

describe.skipIf(need.skip)(`recorded sessions say what their truth says${need.why}`, () => {
  test.each(need.skip ? [] : recordedNames('mqtt'))('mqtt/%s', async (name) => {
    const truth = readRecorded('mqtt', name);
    const expected = expectRecordedMqtt(truth);
    await truths.hold(`recorded/mqtt/${truth.capture}`, expected, { explanations: [] });
  });
});

describe.skipIf(need.skip)(`public captures say what their truth says${need.why}`, () => {
  test.each(need.skip ? [] : capturesBelow('mqtt').filter((path) => path !== UNTOLD))(
    '%s',
    async (path) => {
      const truth = readPublic(path.replace('/', '__'));
      expect(unread(truth)).toEqual([]);
      await truths.hold(path, expectPublicMqtt(truth), {
        explanations,
        concerns: (event) => event.protocol === 'mqtt',
      });
    },
  );
});

test.skipIf(second.skip)(
  `${UNTOLD} says what tshark says when told the port${second.why}`,
  async () => {
    const { stdout } = await run('tshark', [
      ...['-n', '-r', corpusPath(UNTOLD), '-d', 'tcp.port==17501,mqtt', '-Y', 'mqtt.msgtype==3'],
      ...['-T', 'fields', '-e', 'mqtt.topic', '-e', 'mqtt.msg'],
    ]);
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([room, hex = '']) => `${room} ${Buffer.from(hex, 'hex').toString()}`);
    const { events } = await replayFile(corpusPath(UNTOLD));
    const said = events
      .filter(({ kind }) => kind === 'message')
      .map(({ room, text }) => `${room} ${text}`);
    expect(said.length).toBeGreaterThan(70);
    // Flows picked up in the middle are known for MQTT at their second packet: the order differs.
    expect(said.sort()).toEqual(told.sort());
  },
);

afterAll(() => truths.print());
