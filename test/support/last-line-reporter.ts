import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with the line `N passed, N failed`, with `, N skipped` behind it where a test was skipped. */
export class LastLineReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<unknown>): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    // A file that could not be loaded, a suite without a test, or an error outside any test, has no test to count it under.
    let outside = unhandled.length;
    for (const module of modules) {
      outside += module.errors().length;
      for (const suite of module.children.allSuites()) outside += suite.errors().length;
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    const failed = count.failed + count.pending + outside;
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
    // After the default reporter's own summary, which is written in the same turn.
    setImmediate(() => console.log(`${count.passed} passed, ${failed} failed${skipped}`));
  }
}
