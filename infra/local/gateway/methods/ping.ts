import { resultAnswer } from "../request/answer.ts";
import type { Operation } from "./operation.ts";

/** Says that the gateway is there. */
export const ping: Operation = (_gateway, { message }) => resultAnswer(message.id, {});
