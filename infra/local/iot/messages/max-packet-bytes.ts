import { MAX_PAYLOAD_BYTES, MAX_TOPIC_BYTES } from "./topic.ts";

/** The largest MQTT packet: a payload, its topic, and the few bytes around them. CONNECT with a will fits too. */
export const MAX_PACKET_BYTES = MAX_PAYLOAD_BYTES + MAX_TOPIC_BYTES + 1024;
