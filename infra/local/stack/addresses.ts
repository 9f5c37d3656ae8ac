/** Where on this machine the addresses of AWS are found, as DNS would say it. They are known one by one, as services start. */
export interface Addresses {
  /** From now on what begins with `aws` is found at `here`. */
  add(aws: string, here: string): void;
  /** A text with the address at its beginning, if it is one of these, as it is here. */
  here(text: string): string;
}

/** Nothing is known yet. */
export const createAddresses = (): Addresses => {
  const known = new Map<string, string>();
  return {
    add: (aws, here) => {
      known.set(aws, here);
    },
    here: (text) => {
      for (const [aws, here] of known) {
        // The whole of a host's name: "https://a.example" is not the beginning of "https://a.example.org".
        if (text === aws || text.startsWith(`${aws}/`)) return `${here}${text.slice(aws.length)}`;
      }
      return text;
    },
  };
};
