/** HTTPS and its alternative, Apple's push, mail, directories, FTP, SIP, XMPP, IRC and MQTT in TLS. */
export const USUAL_PORTS: readonly number[] = [
  443, 8443, 5223, 993, 995, 465, 636, 990, 5061, 6697, 8883,
];

/** Of proxies, behind which any connection may be to one of the others. */
export const PROXY_PORTS: readonly number[] = [1080, 3128, 8080, 8118, 8888];
