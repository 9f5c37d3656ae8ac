import type { ComponentChildren } from "preact";
import type { Route } from "../../model/route.ts";
import { goTo, hrefOf } from "../session/place.ts";

interface LinkProps {
  readonly to: Route;
  readonly class?: string;
  readonly title?: string;
  readonly "aria-current"?: "page";
  readonly children: ComponentChildren;
}

/** A link within the console: a real one, so that it opens in a new tab, and is found by keyboard and reader. */
export const Link = ({ to, children, ...rest }: LinkProps) => {
  const href = hrefOf(to);
  return (
    <a
      {...rest}
      href={href}
      onClick={(event: MouseEvent) => {
        if (
          event.button !== 0 ||
          event.metaKey ||
          event.ctrlKey ||
          event.shiftKey ||
          event.altKey
        ) {
          return;
        }
        event.preventDefault();
        goTo(href);
        scrollTo(0, 0);
      }}
    >
      {children}
    </a>
  );
};
