import type { Understood } from "./aws-service.ts";

/** One operation of an emulated API, whatever its protocol. A file each, with AWS's page on its first line. */
export interface Operation<Input, Context, Answer> {
  /** AWS's name. */
  readonly name: string;
  /**
   * Reads the input, once. What the operations of a service work on comes as `context`.
   * @throws AwsError for an input that is none
   */
  understand(input: Input, context: Context): Understood<Answer>;
}
