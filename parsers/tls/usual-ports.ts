/** HTTPS and its alternative, Apple's push, mail, directories, FTP, SIP, XMPP, IRC and MQTT in TLS. */
export const USUAL_PORTS: readonly number[] = [
  443, 8443, 5223, 993, 995, 465, 636, 990, 5061, 6697, 8883,
];
