import { CHECKS } from "./checks.ts";
import type { Finding, Patient, Walk } from "./diagnosis.ts";
import { type Exchange, exchange } from "./exchange.ts";
import type { Redactor } from "./redactor.ts";

/** A step with what it found and every request that it made. */
export interface ExaminedStep {
  readonly step: string;
  readonly findings: readonly Finding[];
  readonly exchanges: readonly Exchange[];
}

/** Walks all steps; `onStep` hears of each as soon as it is done. */
export const examine = async (
  patient: Patient,
  redactor: Redactor,
  tell: (line: string) => void,
  onStep: (step: ExaminedStep) => void = () => undefined,
): Promise<readonly ExaminedStep[]> => {
  for (const { clientSecret } of patient.clients) redactor.hide(clientSecret ?? "");
  let exchanges: Exchange[] = [];
  const walk: Walk = {
    ...patient,
    redactor,
    tell,
    tokens: [],
    kept: new Map(),
    send: async (request) => {
      const done = await exchange(request);
      exchanges.push(done);
      return done;
    },
  };
  const steps: ExaminedStep[] = [];
  for (const { step, check } of CHECKS) {
    exchanges = [];
    const findings = await check(walk);
    if (findings.length === 0 && exchanges.length === 0) continue;
    const examined = { step, findings, exchanges };
    steps.push(examined);
    onStep(examined);
  }
  return steps;
};
