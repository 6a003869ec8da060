/** The hand-written part of docs/rules.md. */
export const introduction = `# The rule language

<!-- Written by \`npm run docs:rules\` from rules/reference; edit there. -->

A policy is one or more YAML files. For completion while typing, point your editor at the schema:
\`# yaml-language-server: $schema=docs/schema/rules.v1.schema.json\`.

\`\`\`yaml
sallyport: 1                       # language version
ours: ['xmpp:*@corp.example']      # who is internal, besides the people of the directory
directory: people.yaml             # or .csv; which person is behind which account
lists:
  trusted-partners:
    contacts: ['xmpp:*@partner.example', 'yahoo:bob_smith']
  blocklist:
    file: lists/blocked.txt        # one entry a line, # comments, relative to this file
  insider-terms:
    words: ['project falcon', 'guarantee*']
schedules:
  office-hours: { timezone: Europe/Paris, days: [mon, tue, wed, thu, fri], from: '08:00', until: '18:30' }
rules:
  - id: files-from-trusted-only
    on: file.offer
    if: { origin: server, peer: { not-in: trusted-partners } }
    then: drop
    tell: 'File transfers are accepted only from trusted contacts ({rule}).'
tests:
  - name: an outsider's file is refused
    event: { kind: file.offer, service: msn, origin: server, from: eve@evil.example }
    expect: { action: drop, rule: files-from-trusted-only }
\`\`\`

## How a verdict comes about

Rules run in the order of file names, then from top to bottom. The first rule that matches and has
\`then\` ends the matter; rules with only \`also\` add to the outcome. Where no rule ends the matter,
the defaults do. The verdict names the rule, the hash of the set and what matched; what \`redact\`
hides is never quoted.

| \`then\` | what happens |
| --- | --- |
| \`pass\` | it goes on, and no later rule is asked |
| \`drop\` | this one message, offer or request disappears; the connection survives |
| \`reset\` | the connection is torn down on both sides |
| \`redact\` | what the text conditions found is masked; the message goes on |
| \`strip\` | attachments go, the text stays |
| \`hold\` | kept back for an administrator's decision |

\`also\` takes \`log\`, \`quarantine\`, \`{ alert: low | medium | high }\`, \`{ tag: … }\`,
\`{ archive: full | metadata | none }\`, \`{ count: … }\`; of several alerts the loudest, of several
archives the fullest wins. \`{ learn: 1h }\` belongs to a rule that refuses connections: see "Connections
that cannot be read". \`tell\` answers the user in the conversation, at most once per
conversation and 10 minutes (\`tell: { text: …, every: 1h }\`); it knows \`{rule}\`, \`{from}\`,
\`{account}\`, \`{peer}\`, \`{room}\`, \`{file}\` and \`{service}\`. \`mode: shadow\`, on a rule or on a
whole file, reports \`would-drop\` and does nothing else.

## Values

- **Strings**: a bare value, or a list of them, is equality. Operators: \`is\`, \`not\`, \`glob\`,
  \`contains\`, \`starts\`, \`ends\`, \`regex\`, \`in\`, \`not-in\`, \`words\` (with \`at-least: 2\`),
  \`pattern\`. Several in one condition must all hold. \`in: name\` is a list, \`in: [a, b]\` are
  values. Upper and lower case are the same unless \`case: true\`. In lists of values and contacts
  and in \`glob\`, \`*\` is any run of characters and \`?\` any one; a bare value other than an
  identity takes them as they are (a \`*\` there is warned about; \`is\` says that it is meant).
- **Identities** are written \`service:account\`, or the account alone for every service. Everywhere,
  also in a bare value, \`*\` and \`?\` stand for what they do in \`glob\`: \`peer: 'xmpp:*@corp.example'\`.
- **Extensions** are written with or without their dot: \`exe\`, \`.exe\`.
- **Folding**: \`contains\`, \`glob\`, \`starts\`, \`ends\` and words read the folded text, in which
  compatibility forms, case, accents, zero-width characters, Cyrillic and Greek look-alikes and runs
  of white space make no difference. \`case: true\` compares as written: case, accents, zero-width
  characters and all. Equality and lists of values only ignore the case. Identities are never folded:
  one that looks alike is somebody else.
- **Words**: \`words\` takes a list's name (\`{ words: insider-terms, at-least: 2 }\`) or the words
  themselves (\`{ words: [falcon, 'harass*'] }\`). They match whole words of the folded text, also
  where their letters are set apart by spaces, dots or dashes. \`harass*\` also finds words that begin
  so. A phrase is also found written in one.
- **Regular expressions** are RE2's: linear in the text, no look-around, no back-references. They are
  tried on the text as it was sent, and on its NFKC form without zero-width characters;
  \`case: true\` only makes them case-sensitive.
- **Markup**: a message may show in its markup (XHTML, bodies in other languages, formatting codes)
  what its plain text does not. A condition on \`text\` sees both: the text, the visible text of the
  markup, and link targets and other attributes, each as a value of its own; what looks like XHTML but
  is not is taken as text. A positive condition holds if any of them fits; \`not\` and \`not-in\` inside
  \`text\` hold if any of them does not fit (to deny all but), \`not:\` around it holds if none fits (to
  allow all but). \`text.length\` counts the plain text. \`redact\` masks the plain text; where the
  markup shows the same, the verdict's \`why\` says so, and the message is dropped wherever only the
  text can be masked. \`anomaly: alternative-bodies\` marks messages whose bodies differ.
- **Numbers**: \`10MB\` is 10^6 octets, \`10MiB\` is 2^20; \`{ over: }\` and \`{ under: }\` exclude the
  number itself, \`{ between: [a, b] }\` includes both.
- **Time**: a schedule whose \`until\` is before its \`from\` ends on the next day; \`except\` lists
  dates on which it does not begin. Time is that of the event.
- **Several recipients**: a positive condition holds if any recipient fits; \`not-in\` holds if any
  recipient is not in the list; \`boundary\` is external if any is. For groups and anomalies, \`not-in\`
  means none of them is in the list.
- **Rate**: \`rate: { more-than: 5, in: 10m, by: account | peer | user | room }\` holds when more than
  that many events that fit the rule's other conditions came within the period, this one included.
- \`all\`, \`any\` and \`not\` combine conditions.

An account's contact is *known* once it is on its contact list, was approved or asked by the
account, or was written to; nothing that a stranger does makes him known. A room is known once the
account joined it or wrote to it, and with it what is said there to everybody. In XMPP rooms guests
choose their nicks: one that looks like an address (with an \`@\`) is nobody's. \`room.members\` counts the joins that were seen. Both begin empty when Sallyport starts.

## Connections that cannot be read

Most messengers are encrypted. What is known of such a connection is whose it is and what it is for, told
by the names, first octets and addresses of the service catalogue. It makes these events:

| event | when | carries |
| --- | --- | --- |
| \`flow.identified\` | at the ClientHello, the first datagram, the first octets: before anything was said | \`service\`, \`activity\`, \`evidence\`, \`confidence\`, \`host\`, \`tls.*\` |
| \`flow.opaque\` | when nothing more will be read | the same but for evidence and confidence; \`reason\` |
| \`flow.end\` | when it is over | the same, with octets and time |

\`\`\`yaml
- id: no-whatsapp-media
  on: flow.identified
  if: { service: whatsapp, activity: [media, media-upload, media-download] }
  then: drop
  also: { learn: 1h }
\`\`\`

- Write what is to be refused on \`flow.identified\`. There is no message to take out: \`drop\` and \`reset\`
  are the connection's end. Its packets stop, and over TCP both sides are reset. Where one message among
  others told it (\`activity: lookup\`: a question to a name server), \`drop\` takes out that one.
- \`defaults: { opaque: drop }\` refuses every connection that is recognised and cannot be read, where no rule
  speaks; \`log\` (what happens unless told otherwise) only notes it. Connections of no known service are
  nobody's business: no event is made of them.
- \`service\` is also told where the protocol is read (\`irc\`, \`xmpp\`, …): \`evidence: content\`.
- \`activity\` is what the connection is for. \`media\` is said where up and down cannot be told apart, so
  name all three to mean attachments. A service with one host for everything only has \`chat\`:
  \`rules check --mode\` says which.
- \`confidence\` is \`low\` where only an address told it: many services share a network. A rule that refuses
  should say \`confidence: { not: low }\`, one that only watches need not.
- \`{ learn: 1h }\` beside \`drop\` or \`reset\`: for that long, later connections to the same server address are
  known as this service at their first packet (\`evidence: learned\`), also where they show no name. It
  is learned only where the evidence was strong and nobody else is at the address; for everybody where
  the network bore it out (a name looked up, a range of the service's own), else for the same client
  only, who could have named any service. At most \`7d\`.
- \`host\` and \`tls.sni\` are names of servers: \`{ ends: .whatsapp.net }\`, \`{ glob: 'e*.whatsapp.net' }\`, or \`in:\` a
  list of values. \`tls.sni\` is what the handshake asked for, \`host\` what told the service.
- \`tls.ech\` is true where an encrypted hello came along. Browsers send them for show as well, so it
  proves nothing by itself.
- Conditions on accounts, contacts, text and files find nothing in such a connection.

## Directory

\`\`\`yaml
people:
  - name: Alice Martin
    department: sales
    groups: [trainees]
    accounts: ['xmpp:alice@corp.example', 'yahoo:alice_m']
\`\`\`

or CSV with the columns \`name,department,groups,accounts\`, several groups or accounts separated by
semicolons. Where the columns themselves are separated by semicolons, commas separate groups and
accounts.

## Names in several files

A list or schedule is found in the file itself first, then in all files of the set. Ids of rules
are unique in the set; two files may not set the same default differently.
`;
