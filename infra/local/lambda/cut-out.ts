/** Separates a mark from the text around it, also where a chunk ends within the mark. */
export const cutOut = (
  mark: string,
  found: { text(text: string): void; mark(): void },
): ((chunk: string) => void) => {
  let held = "";
  return (chunk) => {
    let rest = held + chunk;
    for (let at = rest.indexOf(mark); at >= 0; at = rest.indexOf(mark)) {
      if (at > 0) found.text(rest.slice(0, at));
      found.mark();
      rest = rest.slice(at + mark.length);
    }
    const begins = rest.lastIndexOf("\0");
    const end = begins >= 0 && mark.startsWith(rest.slice(begins)) ? begins : rest.length;
    if (end > 0) found.text(rest.slice(0, end));
    held = rest.slice(end);
  };
};
