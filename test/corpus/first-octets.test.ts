/**
 * Messengers that are neither TLS nor HTTP, by their first octets over TCP: each flow that nDPI names in
 * truth/encrypted.json and that its octets can prove, and no other flow of the whole corpus.
 */
import { describe, expect, test } from 'vitest';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { signaturesIn } from './signatures.ts';
import { capturesBelow } from './truth.ts';

const need = needs({ corpus: true });

/** Of parsers/{whatsapp,telegram,viber-tcp,mmtls,threema,loco,dingtalk,steam-cm,qq-sso,mcs,mumble-control}. */
const OURS =
  /^(whatsapp-|telegram-(abridged|intermediate|padded|full|obfuscated)|viber-tcp|wechat-mmtls$|threema|kakaotalk-|dingtalk-|steam-cm|qq-sso|google-mcs|app:|mumble$)/;

const WANTED: Readonly<Record<string, readonly string[]>> = {
  'encrypted/dingtalk/dingtalk.pcap': ['dingtalk-lwp high 47.246.133.39:443'],
  'encrypted/kakaotalk/KakaoTalk_chat.pcap': ['kakaotalk-loco high 103.246.57.251:8080'],
  'encrypted/threema/threema.pcap': Array(6).fill('threema high 185.88.236.110:5222'),
  // The first and the last were picked up in the middle.
  'encrypted/viber/viber.pcap': [
    'viber-tcp medium 52.0.253.101:4244',
    'viber-tcp high 52.0.252.145:4244',
    'viber-tcp high 52.0.252.2:5242',
    'viber-tcp medium 44.192.202.74:4244',
  ],
  'encrypted/whatsapp/whatsapp_login_chat.pcap': [
    'whatsapp-funxmpp high 158.85.58.15:5222 with an account of 12 digits',
  ],
  'encrypted/whatsapp/whatsapp_voice_and_message.pcap': [
    'whatsapp-funxmpp high 184.173.179.46:443 with an account of 13 digits',
    'whatsapp-funxmpp high 158.85.58.42:5222 with an account of 13 digits',
    'whatsapp-funxmpp high 173.192.222.189:5222 with an account of 13 digits',
    'whatsapp-funxmpp high 158.85.58.109:5222 with an account of 13 digits',
    'whatsapp-funxmpp high 158.85.5.199:443 with an account of 13 digits',
  ],
};

const captures = need.skip ? [] : capturesBelow('.');

describe.skipIf(need.skip)(`first octets over TCP${need.why}`, () => {
  test('there are captures, with all that is wanted among them', () => {
    expect(captures.length).toBeGreaterThan(150);
    for (const name of Object.keys(WANTED)) expect(captures).toContain(`./${name}`);
  });

  test.each(captures)('%s', async (path) => {
    const said = await signaturesIn(corpusPath(path));
    const flows = said
      .filter(({ service, flow }) => flow?.transport === 'tcp' && OURS.test(service ?? ''))
      .map(({ service, confidence, flow, account }) => {
        const whose = account === undefined ? '' : ` with an account of ${account.length} digits`;
        return `${service} ${confidence} ${flow?.server}${whose}`;
      });
    expect(flows).toEqual(WANTED[path.slice(2)] ?? []);
  });
});
