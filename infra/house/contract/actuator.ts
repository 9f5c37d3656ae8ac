import type { Answer } from "./answer.ts";
import type { Order } from "./command-inbox.ts";
import type { DeviceValues } from "./device-values.ts";

/** What stands behind the contract and really acts: a simulation, or a bridge's way to one real device. */
export interface Actuator {
  /**
   * False: it neither acts nor answers now. What comes is left to the shadow, which still wants it; `lookAgain` of
   * the device finds it there.
   */
  isReady(): boolean;
  /**
   * Acts on one command, and says how it went and how the device then is. Nothing else is begun meanwhile. Undefined:
   * nothing was done, and the command is left to the shadow. A command that could be read and has not expired; its
   * values are still to be checked (`answerToUnfit`).
   */
  carryOut(order: Order, turn: Turn): Promise<Answer | undefined>;
}

/** What an actuator may ask while it acts. */
export interface Turn {
  /** The device goes, or a newer command has taken this one's place: nobody waits for the answer. */
  readonly isOver: AbortSignal;
  /** How the device is known to be. */
  values(): DeviceValues;
}
