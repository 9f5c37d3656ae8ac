import { hash } from "node:crypto";
import type { Sha256 } from "#domain/log/hashing.ts";

/** SHA-256 as the log wants it: at once. */
export const nodeSha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");
