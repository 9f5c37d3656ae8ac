import { test } from "vitest";

// Stands for the project journeys-on-mosquitto where that cannot run.
test.skip("the journeys with mosquitto as the broker (needs Debian's mosquitto)", () => {});
