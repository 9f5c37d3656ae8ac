/** What of an SDK client its calls are put together from. */
interface CallingClient<Stack, Config> {
  readonly middlewareStack: Stack;
  readonly config: Config;
}

type Call<Input, Output> = (command: {
  readonly input: Input;
}) => Promise<{ readonly output: Output }>;

/** What of a command its call is put together by. */
interface CallingCommand<Stack, Config, Input, Output> {
  readonly input: Input;
  resolveMiddleware(
    stack: Stack,
    config: Config,
    options: { readonly abortSignal?: AbortSignal },
  ): Call<Input, Output>;
}

/**
 * The calls of one operation, each given up at its time limit, between two tries too. The client itself keeps what it has put
 * together only for calls without one (SDK_CLIENT); here it is put together once for all calls of the same limit, which are 50 where a
 * batch is published.
 */
export const callsOf = <Stack, Config, Input, Output>(
  { middlewareStack, config }: CallingClient<Stack, Config>,
  Operation: new (input: Input) => CallingCommand<Stack, Config, Input, Output>,
): ((input: Input, until?: AbortSignal) => Promise<Output>) => {
  const kept = new WeakMap<AbortSignal, Call<Input, Output>>();
  let endless: Call<Input, Output> | undefined;
  return async (input, until) => {
    const command = new Operation(input);
    let call = until === undefined ? endless : kept.get(until);
    if (call === undefined) {
      const options = until === undefined ? {} : { abortSignal: until };
      call = command.resolveMiddleware(middlewareStack, config, options);
      if (until === undefined) endless = call;
      else kept.set(until, call);
    }
    return (await call(command)).output;
  };
};
