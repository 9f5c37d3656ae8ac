import { useState } from "preact/hooks";
import type { ExplainedRun } from "../../model/answers.ts";
import type { Problem } from "../../model/problem.ts";
import { differencesFromSealed } from "../../model/sealed-outcome.ts";
import { type Proved, prove } from "../session/prove.ts";
import { say } from "../session/settings.ts";
import { problemOf } from "../session/use-answer.ts";
import { ContinuityLine } from "./continuity-line.tsx";
import { Name } from "./name.tsx";
import { Note, ProblemNote } from "./problem-note.tsx";

type State =
  | { readonly is: "unasked" }
  | { readonly is: "asking" }
  | { readonly is: "problem"; readonly problem: Problem }
  | { readonly is: "answered"; readonly proved: Proved };

/** Lets the reader's own browser verify what is shown: signature, place in the log, and each record's content. */
export const ProofPanel = ({ run }: { readonly run: ExplainedRun }) => {
  const [state, setState] = useState<State>({ is: "unasked" });
  const verify = async (): Promise<void> => {
    setState({ is: "asking" });
    try {
      setState({ is: "answered", proved: await prove([run.run_id]) });
    } catch (error) {
      setState({ is: "problem", problem: problemOf(error) });
    }
  };
  return (
    <section class="card" aria-label={say("proof.title")}>
      <div class="bar-head">
        <h2>{say("proof.title")}</h2>
        <button type="button" onClick={() => void verify()} disabled={state.is === "asking"}>
          {say(state.is === "asking" ? "proof.asking" : "proof.verify")}
        </button>
      </div>
      <p class="quiet">{say("proof.text")}</p>
      <div aria-live="polite">
        {state.is === "problem" && <ProblemNote problem={state.problem} />}
        {state.is === "answered" && <Finding proved={state.proved} shown={run} />}
      </div>
    </section>
  );
};

const Finding = ({ proved, shown }: { readonly proved: Proved; readonly shown: ExplainedRun }) => {
  if (proved.is === "bad_signature") {
    return (
      <Note tone="bad" title={say("proof.bad_signature")}>
        <p>{say("proof.incident")}</p>
      </Note>
    );
  }
  const [one] = proved.runs;
  if (one === undefined || one.finding.is === "no_records") {
    return <Note tone="bad" title={say("proof.no_records")} />;
  }
  const { finding, run } = one;
  if (finding.is === "broken") {
    return (
      <Note tone="bad" title={say("proof.broken")}>
        <p>
          <Name of={finding.what.join(", ")} />
        </p>
        <p>{say("proof.incident")}</p>
      </Note>
    );
  }
  if (finding.is === "not_sealed") {
    return (
      <Note tone="warn" title={say("proof.not_sealed")}>
        <p>{say("proof.not_sealed.text", { sealed: finding.sealed, records: finding.records })}</p>
      </Note>
    );
  }
  const differences = differencesFromSealed(shown, run);
  const continuity = <ContinuityLine continuity={proved.continuity} />;
  if (differences !== undefined && differences.length > 0) {
    return (
      <Note tone="bad" title={say("proof.differs")}>
        <p>
          <Name of={differences.join(", ")} />
        </p>
        <p>{say("proof.incident")}</p>
      </Note>
    );
  }
  const goesOn = proved.continuity.is === "first" || proved.continuity.is === "goes_on";
  const [first = 0] = finding.entries;
  return (
    <Note tone={goesOn ? "good" : "bad"} title={say(goesOn ? "proof.proved" : "proof.broken")}>
      <ul class="facts">
        <li>{say("proof.records", { n: finding.records })}</li>
        <li>{say("proof.entries", { first, entries: proved.head.entries })}</li>
        <li>{say(differences === undefined ? "proof.no_outcome" : "proof.agrees")}</li>
        <li>{continuity}</li>
      </ul>
      <details>
        <summary>{say("proof.more")}</summary>
        <dl class="pairs">
          <dt>{say("proof.key")}</dt>
          <dd class="code">{proved.head.key}</dd>
          <dt>{say("proof.root")}</dt>
          <dd class="code">{proved.head.root}</dd>
        </dl>
        <p class="quiet">{say("proof.not_proved")}</p>
      </details>
    </Note>
  );
};
