import { type HomeId, parseHomeId } from "#domain/home/home-id.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { HOME_OPTION } from "../command/default-home.ts";
import { REGISTRY_OPTIONS, type StackOptions } from "../command/registry-options.ts";
import { type Registry, registryOf } from "../devices/registry.ts";
import { requireHome } from "../homes/directory.ts";

/** What every subcommand about a home's schedules takes. */
export const SCHEDULE_OPTIONS = {
  ...REGISTRY_OPTIONS,
  home: HOME_OPTION,
  json: { type: "boolean", default: false },
} as const;

interface Where extends StackOptions {
  readonly home: string;
}

/** A home of a stack: what subcommands work with. */
export interface HomeOfStack {
  readonly registry: Registry;
  readonly home: HomeId;
  readonly meta: HomeMeta;
}

/** Opens the stack that the options name, for as long as something is done with its home. */
export const withHome = async <T>(
  options: Where,
  act: (where: HomeOfStack) => Promise<T>,
): Promise<T> => {
  const home = parseHomeId(options.home);
  const registry = await registryOf(options);
  try {
    return await act({ registry, home, meta: await requireHome(registry, home) });
  } finally {
    registry.close();
  }
};
