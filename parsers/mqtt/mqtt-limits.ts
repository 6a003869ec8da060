/** Every limit of the MQTT parser: unit and reason. Memory per flow follows from these. */

/** Octets of a packet that are kept; the protocol allows 256 MiB, and chat has some kilobytes. */
export const PACKET_LIMIT = 262_144;
/** Topics reported of one SUBSCRIBE or UNSUBSCRIBE. */
export const TOPICS_LIMIT = 256;
/** UTF-16 units of all topics of a SUBSCRIBE that waits for its answer; a longer one does not wait. */
export const TOPICS_TEXT_LIMIT = 8192;
/** Topic aliases remembered per direction: most brokers allow 10. */
export const ALIASES_LIMIT = 128;
/** UTF-16 units of a topic that is remembered beyond its packet. */
export const TOPIC_LIMIT = 1024;
/** Subscriptions and messages waiting for their answer, per direction; the oldest is forgotten. */
export const PENDING_LIMIT = 32;
/** UTF-16 units of topic and text by which a message is known again; a longer one is not. */
export const KNOWN_LIMIT = 2048;
/** UTF-16 units of a payload that is looked at as JSON. */
export const JSON_LIMIT = 65_536;
/** Members of a JSON object that is taken apart: a chat message has a handful. */
export const MEMBERS_LIMIT = 32;
/** UTF-16 units of a name that is kept: client identifier, account. */
export const NAME_LIMIT = 1024;
