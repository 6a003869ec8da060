/**
 * The commands of MSNP 2 to 21: a word of three letters as one number, and what is known of each.
 * Dossier msnp.md §3 and §5.
 */
export type Verb = number;

/** Three octets as a number; also the letters of an error code. */
export function verbOf(a: number, b: number, c: number): Verb {
  return (a << 16) | (b << 8) | c;
}

export function word(letters: string): Verb {
  return verbOf(letters.charCodeAt(0), letters.charCodeAt(1), letters.charCodeAt(2));
}

/** Which direction it may stand in, and whether its last parameter counts a payload there. */
const CLIENT = 1;
const SERVER = 2;
const CLIENT_PAYLOAD = 4;
const SERVER_PAYLOAD = 8;

const TRAITS = new Map<Verb, number>();
function know(words: string, traits: number): void {
  for (const letters of words.split(' ')) TRAITS.set(word(letters), traits);
}

know('VER INF USR CVR XFR SYN CHG ADD ADC REM REA PRP BLP GTC ADG REG RMG URL SND LST', 3);
know('CAL OUT LKP FND CVQ SBP', 3);
know('ANS', 3);
know('PNG', CLIENT);
know('QNG CHL NLN ILN FLN RNG JOI IRO BYE ACK NAK LSG BPR SBS PRM IMS RFS LKS', SERVER);
know('FQY ADL RML UUN NOT PUT SDG DEL', CLIENT | SERVER | CLIENT_PAYLOAD | SERVER_PAYLOAD);
know('MSG', CLIENT | SERVER | CLIENT_PAYLOAD | SERVER_PAYLOAD);
know('UUX UUM QRY', CLIENT | SERVER | CLIENT_PAYLOAD);
know('PAG VAS SDC', CLIENT | SERVER | CLIENT_PAYLOAD);
know('UBX UBM UBN IPG GCF NFY', SERVER | SERVER_PAYLOAD);

export function isVerb(verb: Verb): boolean {
  return TRAITS.has(verb);
}

export function mayBeSaid(verb: Verb, toServer: boolean): boolean {
  return ((TRAITS.get(verb) ?? 0) & (toServer ? CLIENT : SERVER)) !== 0;
}

/** The last parameter may be the length of a payload. */
export function hasPayload(verb: Verb, toServer: boolean): boolean {
  return ((TRAITS.get(verb) ?? 0) & (toServer ? CLIENT_PAYLOAD : SERVER_PAYLOAD)) !== 0;
}

/** `911`: an error of the server. */
export function isErrorCode(verb: Verb): boolean {
  return isDigit(verb >> 16) && isDigit((verb >> 8) & 0xff) && isDigit(verb & 0xff);
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

export function verbText(verb: Verb): string {
  return String.fromCharCode(verb >> 16, (verb >> 8) & 0xff, verb & 0xff);
}
