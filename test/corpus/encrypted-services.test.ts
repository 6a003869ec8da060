/**
 * The messenger of each flow, against what nDPI makes of the same captures. Where they differ, docs/recognition.md
 * argues it.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { shippedServices } from '../support/shipped-services.ts';
import { encryptedTruth, endsKey, keyOfEvent, type NdpiFlow } from './encrypted-truth.ts';
import { replayFile } from './replay.ts';
import { table } from './table.ts';

const need = needs({ corpus: true });

/** nDPI's names of messengers (the part behind the dot), and ours for the same. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  DingTalk: ['dingtalk'],
  Discord: ['discord'],
  GoogleChat: ['google-chat'],
  GoogleMeet: ['google-meet'],
  IMO: ['imo'],
  KakaoTalk: ['kakaotalk'],
  Line: ['line'],
  LineCall: ['line'],
  QQ: ['qq', 'wechat'],
  Signal: ['signal'],
  Skype_Teams: ['skype', 'teams'],
  Skype_TeamsCall: ['skype', 'teams'],
  Snapchat: ['snapchat'],
  SnapchatCall: ['snapchat'],
  Steam: ['steam'],
  SteamDatagramRelay: ['steam'],
  Teams: ['teams', 'skype'],
  Telegram: ['telegram'],
  Threema: ['threema'],
  VK: ['vk'],
  Viber: ['viber'],
  ViberVoip: ['viber'],
  WeChat: ['wechat', 'qq'],
  Webex: ['webex'],
  WhatsApp: ['whatsapp'],
  WhatsAppCall: ['whatsapp'],
  WhatsAppFiles: ['whatsapp'],
  Zoom: ['zoom'],
};

/** `capture #flow`: what we say instead. docs/recognition.md has the reasons. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'encrypted/teams/teams.pcap #26':
    'TLS.Skype_Teams TCP 192.168.1.6:60568 40.79.138.41:443 gate.hockeyapp.net: –',
  'encrypted/teams/teams.pcap #27':
    'TLS.Skype_Teams TCP 192.168.1.6:60564 40.79.138.41:443 gate.hockeyapp.net: –',
  'encrypted/teams/teams.pcap #80': 'Telegram TCP 192.168.1.6:58533 149.154.167.91:443 : –',
};

/** Flows of ours that nDPI gives another name, or none: docs/recognition.md has the reasons. */
const BEYOND: Readonly<Record<string, number>> = {
  'encrypted/facebook/facebook.pcap: TLS.Facebook, facebook': 2,
  'encrypted/kakaotalk/KakaoTalk_chat.pcap: TLS.Facebook, facebook': 6,
  'encrypted/kakaotalk/KakaoTalk_chat.pcap: HTTP_Proxy, kakaotalk': 1,
  'encrypted/kakaotalk/KakaoTalk_chat.pcap: TLS, kakaotalk': 1,
  'encrypted/kakaotalk/KakaoTalk_chat.pcap: HTTP.Facebook, facebook': 2,
  'encrypted/kakaotalk/KakaoTalk_chat.pcap: TLS, facebook': 1,
  'encrypted/kakaotalk/KakaoTalk_chat.pcap: DNS.Facebook, facebook': 3,
  'encrypted/line/line.pcap: TLS, line': 1,
  'encrypted/mixed-mobile/android.pcap: DNS.GoogleServices, google-push': 1,
  'encrypted/mixed-mobile/dns_ambiguous_names.pcap: DNS.ApplePush, apple-push': 1,
  'encrypted/mixed-mobile/dns_ambiguous_names.pcap: DNS.GoogleServices, google-push': 1,
  'encrypted/mixed-mobile/dns_ambiguous_names.pcap: DNS.Instagram, instagram': 1,
  'encrypted/teams/teams.pcap: DNS, teams': 2,
  'encrypted/viber/viber.pcap: DNS.Facebook, facebook': 1,
  'encrypted/vk/vk.pcapng: TLS, vk': 6,
  'encrypted/webex/webex.pcap: SIP, sip': 1,
  'encrypted/webex/webex.pcap: TLS, webex': 12,
  'encrypted/wechat/wechat.pcap: TLS, wechat': 1,
  'encrypted/whatsapp/whatsapp_login_chat.pcap: TLS, apple-push': 1,
};

function nameOf({ service }: NdpiFlow): string {
  return service.slice(service.indexOf('.') + 1);
}

describe.skipIf(need.skip)(`messengers as nDPI names them${need.why}`, () => {
  const truth = need.skip ? new Map() : encryptedTruth();
  const services = shippedServices().compiled;
  const found: Record<string, string> = {};
  /** Of flows that nDPI gives another name, or none: `capture: nDPI's, ours`, and how many. */
  const beyond: Record<string, number> = {};
  const rows: (string | number)[][] = [];
  let named = 0;

  test.each([...truth])('%s', async (name, { ndpi_flows = [] }) => {
    const { events } = await replayFile(corpusPath(name), services);
    const said = new Map<string, Set<string>>();
    for (const event of events) {
      if (event.kind !== 'flow.identified') continue;
      const key = keyOfEvent(event);
      const all = said.get(key) ?? new Set();
      said.set(key, all.add(event.service ?? '?'));
    }
    let agreed = 0;
    let ofCapture = 0;
    for (const flow of ndpi_flows) {
      const ours = OURS[nameOf(flow)];
      const all = [...(said.get(endsKey(flow.l4, flow.a, flow.b)) ?? [])];
      if (ours === undefined) {
        for (const service of all) {
          const what = `${name}: ${flow.service}, ${service}`;
          beyond[what] = (beyond[what] ?? 0) + 1;
        }
        continue;
      }
      ofCapture++;
      if (all.some((service) => ours.includes(service))) agreed++;
      else {
        const place = `${flow.l4} ${flow.a} ${flow.b} ${flow.host ?? ''}`;
        found[`${name} #${flow.id}`] = `${flow.service} ${place}: ${all.join(', ') || '–'}`;
      }
    }
    named += ofCapture;
    rows.push([name, ofCapture, agreed]);
  });

  afterAll(() => {
    table(['capture', 'named by nDPI', 'agreed'], rows);
    process.stdout.write(`${JSON.stringify({ found, beyond }, null, 1)}\n`);
  });

  test('at least 95 of 100 agree, and every other one is argued', () => {
    expect(named).toBeGreaterThan(200);
    expect(Object.keys(found).length / named).toBeLessThanOrEqual(0.05);
    expect(found).toEqual(DIFFERENT);
  });
  test('what we name and nDPI does not is what is argued', () => {
    expect(beyond).toEqual(BEYOND);
  });
});
