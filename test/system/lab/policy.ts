/** The policy that the lab's box enforces, and the words and names that its scenes use. */
import { forbiddenWord } from './stations/disturbance.ts';

export const forbidden = forbiddenWord;
/** Of a file that may be sent, and of one that may not. */
export const allowedFile = 'offer-2026.pdf';
export const forbiddenFile = 'offer-2026.exe';

export const policy = `sallyport: 1
ours: ['xmpp:*@office.example', 'irc:Anna', 'irc:Ben']
lists:
  approved:
    contacts: ['xmpp:*@office.example', 'xmpp:dana@partner.example', 'irc:Ben', 'irc:Anna']
rules:
  - id: no-contraband
    on: message
    if: { text: { contains: ${forbidden} } }
    then: drop
  - id: no-programs
    on: file.*
    if: { file.extension: exe }
    then: drop
  - id: no-strangers
    on: [message, contact.request]
    if: { origin: server, route: { not: [room, service] }, peer: { not-in: approved } }
    then: drop
`;
