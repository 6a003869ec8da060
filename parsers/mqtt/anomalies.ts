/** Odd input that the MQTT parser names: counted, shown and matched by rules under these names. */
export const Anomaly = {
  /** No packet begins here: octets are passed over until one does. */
  Lost: 'mqtt-no-packet',
  /** A packet beyond what is kept: read as far as it is kept. */
  PacketCut: 'mqtt-packet-cut',
  /** Fields that do not fit their packet; the packet is not read further. */
  Malformed: 'mqtt-malformed',
  /** QoS 3, which no receiver may take (MQTT-3.3.1-4); read as QoS 2. */
  InvalidQos: 'mqtt-invalid-qos',
  /** A topic name with a wildcard, NUL or octets that are not UTF-8. */
  OddTopic: 'mqtt-odd-topic',
  /** A topic alias that was never given a topic here. */
  UnknownAlias: 'mqtt-unknown-alias',
  /** More topics in one packet than are reported. */
  TooManyTopics: 'mqtt-too-many-topics',
  /** CONNECT a second time in one connection (MQTT-3.1.0-2). */
  SecondConnect: 'mqtt-second-connect',
} as const;
export type Anomaly = (typeof Anomaly)[keyof typeof Anomaly];
