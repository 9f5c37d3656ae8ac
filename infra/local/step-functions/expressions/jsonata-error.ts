/** An error in JSONata's own shape, so that it is told like one of JSONata's. */
export class JsonataError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
