import type { ComponentChildren } from "preact";
import type { Problem } from "../../model/problem.ts";
import { chooseHome } from "../session/place.ts";
import { signIn } from "../session/session.ts";
import { say } from "../session/settings.ts";
import { Name } from "./name.tsx";

/** A problem, told as what it is, with what there is to do about it. */
export const ProblemNote = ({
  problem,
  again,
}: {
  readonly problem: Problem;
  readonly again?: () => void;
}) => {
  if (problem.is === "refused" && problem.code === "HomeAmbiguous") {
    return <HomeChooser homes={problem.closest} />;
  }
  const tone = problem.is === "forbidden" || problem.is === "signed_out" ? "idle" : "bad";
  return (
    <Note tone={tone} title={say(`problem.${problem.is}.title`)}>
      <p>{say(`problem.${problem.is}.text`)}</p>
      {"told" in problem && problem.told !== undefined && (
        <p class="told" lang="en">
          <Name of={problem.told} />
        </p>
      )}
      {"status" in problem && <p class="told">HTTP {problem.status}</p>}
      {problem.is === "signed_out" ? (
        <button type="button" class="primary" onClick={() => void signIn()}>
          {say("session.sign_in")}
        </button>
      ) : (
        again !== undefined &&
        problem.is !== "forbidden" && (
          <button type="button" onClick={again}>
            {say("action.again")}
          </button>
        )
      )}
    </Note>
  );
};

/** A boxed note that is read aloud when it comes. */
export const Note = ({
  tone,
  title,
  children,
}: {
  readonly tone: "bad" | "warn" | "good" | "idle";
  readonly title: string;
  readonly children?: ComponentChildren;
}) => (
  <div class={`note ${tone}`} role={tone === "bad" ? "alert" : "status"}>
    <h2>{title}</h2>
    {children}
  </div>
);

const HomeChooser = ({ homes }: { readonly homes: readonly string[] }) => (
  <Note tone="idle" title={say("home.choose.title")}>
    <p>{say(homes.length > 0 ? "home.choose.text" : "home.choose.any")}</p>
    {homes.length > 0 && (
      <ul class="choices">
        {homes.map((home) => (
          <li key={home}>
            <button type="button" onClick={() => chooseHome(home)}>
              <Name of={home} />
            </button>
          </li>
        ))}
      </ul>
    )}
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget).get("home");
        if (typeof given === "string" && given.trim() !== "") chooseHome(given.trim());
      }}
    >
      <label>
        {say("home.choose.id")}
        <input name="home" autocomplete="off" required />
      </label>
      <button type="submit">{say("home.choose.go")}</button>
    </form>
  </Note>
);
