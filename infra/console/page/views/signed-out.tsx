import { Name } from "../parts/name.tsx";
import { ProblemNote } from "../parts/problem-note.tsx";
import { type Session, signIn } from "../session/session.ts";
import { say } from "../session/settings.ts";

/** The door. */
export const SignedOut = ({ out }: { readonly out: Extract<Session, { readonly is: "out" }> }) => (
  <section class="door">
    <h1>{say("door.title")}</h1>
    <p>{say("door.text")}</p>
    {out.problem !== undefined && <ProblemNote problem={out.problem} />}
    {out.why !== undefined && (
      <p class="bad-text" role="alert">
        {say(out.why === "state" ? "door.other_tab" : "door.refused")}{" "}
        {out.why !== "state" && <Name class="code" of={out.why} />}
      </p>
    )}
    <button type="button" class="primary large" onClick={() => void signIn()}>
      {say("session.sign_in")}
    </button>
    <p class="quiet">{say("door.tokens")}</p>
  </section>
);
