import { spelt } from "#domain/printable.ts";

/**
 * A text that somebody else wrote: a name, a reason, a state. It keeps its own direction of writing and turns nobody else's,
 * and a mark that nobody can see, which could make "evil" read as "live", is spelt out.
 */
export const Name = ({
  of,
  class: looks,
  lang,
}: {
  readonly of: string;
  readonly class?: string;
  readonly lang?: string;
}) => (
  <bdi {...(looks === undefined ? {} : { class: looks })} {...(lang === undefined ? {} : { lang })}>
    {spelt(of)}
  </bdi>
);
