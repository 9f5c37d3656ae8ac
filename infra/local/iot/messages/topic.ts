// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits

/** Bytes of a topic or of a topic filter. */
export const MAX_TOPIC_BYTES = 256;
/** Forward slashes in a topic or in a topic filter. */
export const MAX_TOPIC_SLASHES = 7;
/** Bytes of a payload. */
export const MAX_PAYLOAD_BYTES = 128 * 1024;

/** The largest MQTT packet: a payload, its topic, and the few bytes around them. CONNECT with a will fits too. */
export const MAX_PACKET_BYTES = MAX_PAYLOAD_BYTES + MAX_TOPIC_BYTES + 1024;

const tooLong = (topic: string): string | undefined => {
  if (Buffer.byteLength(topic) > MAX_TOPIC_BYTES) {
    return `a topic has at most ${MAX_TOPIC_BYTES} bytes`;
  }
  if (topic.split("/").length - 1 > MAX_TOPIC_SLASHES) {
    return `a topic has at most ${MAX_TOPIC_SLASHES} slashes`;
  }
  return undefined;
};

/** Why a message cannot be published on this topic; absent when it can. */
export const topicFault = (topic: string): string | undefined => {
  if (topic === "") return "a topic is not empty";
  if (/[+#\0]/.test(topic)) return "a topic to publish on has no wildcard";
  return tooLong(topic);
};

/** Why this is not a topic filter; absent when it is one. */
export const filterFault = (filter: string): string | undefined => {
  if (filter === "") return "a topic filter is not empty";
  if (filter.includes("\0")) return "a topic filter has no NUL";
  const levels = filter.split("/");
  for (const [index, level] of levels.entries()) {
    if (level.includes("#") && (level !== "#" || index !== levels.length - 1)) {
      return "# stands alone at the end of a topic filter";
    }
    if (level.includes("+") && level !== "+") return "+ stands alone between slashes";
  }
  return tooLong(filter);
};

/** A topic filter as a test. As MQTT says, a wildcard at the beginning does not match a topic that begins with $. */
export const topicMatcher = (filter: string): ((topic: string) => boolean) => {
  const wanted = filter.split("/");
  const open = wanted.at(-1) === "#";
  const fixed = open ? wanted.length - 1 : wanted.length;
  if (!open && !wanted.includes("+")) return (topic) => topic === filter;
  const wildcardFirst = wanted[0] === "+" || wanted[0] === "#";
  return (topic) => {
    if (wildcardFirst && topic.startsWith("$")) return false;
    const levels = topic.split("/");
    if (open ? levels.length < fixed : levels.length !== fixed) return false;
    for (let index = 0; index < fixed; index++) {
      if (wanted[index] !== "+" && wanted[index] !== levels[index]) return false;
    }
    return true;
  };
};
