/**
 * One event as one line of JSON, fields in the order of the event model.
 *
 * Written by hand, not through an object: it is on the event path. What a terminal could obey
 * (DEL, C1, bidirectional controls, line separators) is escaped, so that JSONL on a screen is
 * harmless and still says the same; lone surrogates become U+FFFD.
 */
/// <reference lib="es2024.string" />
import type {
  CallReference,
  FileReference,
  FlowReference,
  FlowTotals,
  GapReference,
  ImEvent,
  TlsReference,
  VerdictRecord,
} from './event.ts';
import { rfc3339 } from './time.ts';

/** The line, without its line feed. */
export function encodeEvent(event: ImEvent): string {
  const e = event;
  return (
    `{"v":1${member('id', e.id)},"ts":"${rfc3339(e.time)}","kind":"${e.kind}"` +
    member('service', e.service) +
    member('protocol', e.protocol) +
    member('protocolVersion', e.protocolVersion) +
    `,"visibility":"${e.visibility}"` +
    (e.flow === undefined ? '' : `,"flow":${flowJson(e.flow)}`) +
    member('origin', e.origin) +
    member('account', e.account) +
    member('from', e.from) +
    member('fromResource', e.fromResource) +
    texts('to', e.to) +
    member('room', e.room) +
    member('text', e.text) +
    member('markup', e.markup) +
    (e.file === undefined ? '' : object('file', fileMembers(e.file))) +
    member('contact', e.contact) +
    member('list', e.list) +
    (e.call === undefined ? '' : object('call', callMembers(e.call))) +
    member('state', e.state) +
    member('status', e.status) +
    member('reason', e.reason) +
    (e.tls === undefined ? '' : object('tls', tlsMembers(e.tls))) +
    (e.verdict === undefined ? '' : `,"verdict":${verdictJson(e.verdict)}`) +
    member('messageId', e.messageId) +
    member('refersTo', e.refersTo) +
    member('subject', e.subject) +
    member('thread', e.thread) +
    member('form', e.form) +
    member('route', e.route) +
    member('copy', e.copy) +
    member('sentAt', e.sentAt) +
    member('encrypted', e.encrypted) +
    member('name', e.name) +
    texts('groups', e.groups) +
    member('subscription', e.subscription) +
    (e.gap === undefined ? '' : object('gap', gapMembers(e.gap))) +
    (e.totals === undefined ? '' : object('totals', totalsMembers(e.totals))) +
    texts('anomalies', e.anomalies) +
    member('person', e.person) +
    texts('peers', e.peers) +
    member('activity', e.activity) +
    member('evidence', e.evidence) +
    member('confidence', e.confidence) +
    member('host', e.host) +
    numeric('packet', e.packet) +
    member('capture', e.capture) +
    '}'
  );
}

// The reference is shared by all events of a flow, and nearly always the last one seen again.
let lastFlow: FlowReference | undefined;
let lastFlowJson = '';

function flowJson(flow: FlowReference): string {
  if (flow === lastFlow) return lastFlowJson;
  lastFlowJson =
    `{"id":${quote(flow.id)},"transport":"${flow.transport}","client":${quote(flow.client)}` +
    `,"server":${quote(flow.server)}${numeric('vlan', flow.vlan)}}`;
  lastFlow = flow;
  return lastFlowJson;
}

function fileMembers(file: FileReference): string {
  return (
    member('name', file.name) +
    numeric('size', file.size) +
    member('mime', file.mime) +
    member('sha256', file.sha256) +
    member('method', file.method) +
    member('token', file.token) +
    member('endpoint', file.endpoint) +
    member('url', file.url) +
    numeric('offset', file.offset) +
    member('purpose', file.purpose)
  );
}

function callMembers(call: CallReference): string {
  return member('media', call.media) + member('token', call.token);
}

function tlsMembers(tls: TlsReference): string {
  return (
    member('version', tls.version) +
    member('sni', tls.sni) +
    member('alpn', tls.alpn) +
    member('ja3', tls.ja3) +
    member('ja4', tls.ja4) +
    flag('ech', tls.ech)
  );
}

// Records are shared too: most events of a run have one of a few verdicts.
let lastVerdict: VerdictRecord | undefined;
let lastVerdictJson = '';

function verdictJson(verdict: VerdictRecord): string {
  if (verdict === lastVerdict) return lastVerdictJson;
  lastVerdict = verdict;
  lastVerdictJson =
    `{"action":"${verdict.action}","enforced":${verdict.enforced}` +
    member('rule', verdict.rule) +
    member('ruleset', verdict.ruleset) +
    texts('matched', verdict.matched) +
    texts('tags', verdict.tags) +
    member('alert', verdict.alert) +
    member('archive', verdict.archive) +
    flag('quarantine', verdict.quarantine) +
    flag('log', verdict.log) +
    texts('count', verdict.count) +
    numeric('learn', verdict.learn) +
    member('tell', verdict.tell) +
    shadowMember(verdict.shadow) +
    member('why', verdict.why) +
    '}';
  return lastVerdictJson;
}

function shadowMember(shadow: VerdictRecord['shadow']): string {
  if (shadow === undefined || shadow.length === 0) return '';
  let list = '';
  for (const { rule, action } of shadow) {
    list += `${list === '' ? '' : ','}{"rule":${quote(rule)},"action":${quote(action)}}`;
  }
  return `,"shadow":[${list}]`;
}

function gapMembers(gap: GapReference): string {
  return (
    numeric('octets', gap.octets) + member('cause', gap.cause) + member('direction', gap.direction)
  );
}

function totalsMembers(totals: FlowTotals): string {
  return (
    numeric('packetsToServer', totals.packetsToServer) +
    numeric('packetsToClient', totals.packetsToClient) +
    numeric('octetsToServer', totals.octetsToServer) +
    numeric('octetsToClient', totals.octetsToClient) +
    numeric('duration', totals.duration) +
    numeric('events', totals.events) +
    numeric('gaps', totals.gaps) +
    numeric('gapOctets', totals.gapOctets) +
    numeric('anomalies', totals.anomalies) +
    flag('midstream', totals.midstream)
  );
}

/** `members` start with a comma; an object without members is absent. */
function object(name: string, members: string): string {
  return members === '' ? '' : `,"${name}":{${members.slice(1)}}`;
}

function member(name: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `,"${name}":${quote(value)}`;
}

function numeric(name: string, value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : `,"${name}":${value}`;
}

function flag(name: string, value: boolean | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`;
}

function texts(name: string, values: readonly string[] | undefined): string {
  if (values === undefined || values.length === 0) return '';
  let list = '';
  for (const value of values) list += list === '' ? quote(value) : `,${quote(value)}`;
  return `,"${name}":[${list}]`;
}

// Quotes, controls, separators, lone surrogates, and format characters (bidirectional, zero-width).
const NEEDS_CARE = /["\\\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Cf}]/u;
const ESCAPED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu;

function quote(value: string): string {
  if (isPlain(value) || !NEEDS_CARE.test(value)) return `"${value}"`;
  return JSON.stringify(value.toWellFormed()).replace(ESCAPED, escaped);
}

/** JSON that others made of events, with the same characters escaped. */
export function harmlessJson(json: string): string {
  return json.toWellFormed().replace(ESCAPED, escaped);
}

/** Printable ASCII without quote and backslash: most text, and cheaper to see than by expression. */
function isPlain(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c < 0x20 || c > 0x7e || c === 0x22 || c === 0x5c) return false;
  }
  return true;
}

function escaped(character: string): string {
  let units = '';
  for (let i = 0; i < character.length; i++) {
    units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return units;
}
