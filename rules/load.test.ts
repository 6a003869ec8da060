import { expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import { rulesFromText } from './load.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

const DESIGN = `
sallyport: 1
lists:
  trusted-partners:
    contacts: ['xmpp:*@partner.example', 'yahoo:bob_smith']
  executables:
    extensions: [exe, scr, com, bat, cmd, js, vbs, ps1, msi, jar, lnk]
  insider-terms:
    words: ['project falcon', 'guaranteed return']
schedules:
  office-hours: { timezone: Europe/Paris, days: [mon, tue, wed, thu, fri], from: '08:00', until: '18:30' }
defaults:
  message: pass
  unknown-contact: pass
rules:
  - id: files-from-trusted-only
    on: file.offer
    if:
      origin: server
      peer: { not-in: trusted-partners }
    then: drop
    tell: 'File transfers are accepted only from trusted contacts ({rule}).'
  - id: no-executables
    on: file.*
    if: { any: [ { file.extension: { in: executables } }, { file.name: { regex: '(?i)\\.pdf\\.exe$' } } ] }
    then: drop
  - id: card-numbers-stay-inside
    on: message
    if: { origin: client, boundary: external, text: { pattern: payment-card } }
    then: redact
    also: [ { alert: high }, { tag: pci } ]
  - id: no-chat-outside-hours
    on: [message, call.*]
    if: { user: { group: trainees }, when: { not: office-hours } }
    then: drop
  - id: falcon
    on: message
    if: { text: { words: insider-terms } }
    then: drop
`;

function loaded(text: string) {
  const { rules, diagnostics } = rulesFromText(text);
  if (rules === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return rules;
}

test('the example of the design loads and judges', () => {
  const rules = loaded(DESIGN);
  const offer = new ImEvent('file.offer');
  offer.service = 'msn';
  offer.origin = 'server';
  offer.from = 'eve@evil.example';
  offer.file = { name: 'a.zip', size: 10 };
  expect(rules.judge(offer)).toEqual({
    action: 'drop',
    enforced: true,
    rule: 'files-from-trusted-only',
    ruleset: rules.hash,
    matched: ['origin is server', 'peer not in trusted-partners'],
    tell: 'File transfers are accepted only from trusted contacts (files-from-trusted-only).',
  });
  const message = new ImEvent('message');
  message.service = 'xmpp';
  message.origin = 'client';
  message.account = 'alice@corp.example';
  message.to = ['bob@partner.example'];
  message.text = 'card 4111 1111 1111 1111 ok';
  const verdict = rules.judge(message);
  expect(verdict).toMatchObject({
    action: 'redact',
    rule: 'card-numbers-stay-inside',
    alert: 'high',
    tags: ['pci'],
  });
  expect(verdict.matched).toContain('text holds payment-card ••••1111');
  message.text = 'the p r o j e c t  f a l c o n files';
  expect(rules.judge(message)).toMatchObject({ action: 'drop', rule: 'falcon' });
  message.text = 'hello';
  expect(rules.judge(message)).toEqual({ action: 'pass', enforced: true, ruleset: rules.hash });
});
