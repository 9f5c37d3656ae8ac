// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
import { createContext, Script } from "node:vm";
import type { ViewerFunction } from "../configuration/viewer-function.ts";

/** A function that threw, came to no end or is no function: the viewer gets 503. */
export class FunctionFailed extends Error {
  override readonly name = "FunctionFailed";
}

// CloudFront counts "compute utilization", about a millisecond; a machine that does other things needs more by the clock.
const MAX_MS = 1000;

// As text, so that nothing of this process gets in, and nothing of the function's gets out.
const CALL = new Script(`
  globalThis.ended = undefined;
  Promise.resolve()
    .then(() => handler(JSON.parse(event)))
    .then(
      (result) => { ended = JSON.stringify({ result }); },
      (error) => { ended = JSON.stringify({ error: String(error) }); },
    );
`);

// What V8 has and CloudFront's runtime has not. There are no timers, no network and no modules in a new context anyway.
const WITHOUT = new Script(
  "for (const name of ['Atomics', 'SharedArrayBuffer', 'WebAssembly']) delete globalThis[name];",
);

/**
 * Runs a function's own text on an event, in a world of its own: no network, no clock, no module, nothing kept from the
 * run before, and no code made from text.
 * @throws FunctionFailed
 */
export const runFunction = ({ name, script }: ViewerFunction, event: unknown): unknown => {
  const world: { event: string; ended?: unknown } = { event: JSON.stringify(event) };
  const context = createContext(world, {
    codeGeneration: { strings: false, wasm: false },
    // What the function awaits is done when the call returns.
    microtaskMode: "afterEvaluate",
  });
  try {
    WITHOUT.runInContext(context);
    script.runInContext(context, { timeout: MAX_MS });
    CALL.runInContext(context, { timeout: MAX_MS });
  } catch (cause) {
    throw new FunctionFailed(`${name}: ${String(cause)}`, { cause });
  }
  if (typeof world.ended !== "string") throw new FunctionFailed(`${name} came to no end`);
  const ended = JSON.parse(world.ended) as { readonly result?: unknown; readonly error?: string };
  if (ended.error !== undefined) throw new FunctionFailed(`${name}: ${ended.error}`);
  return ended.result;
};
