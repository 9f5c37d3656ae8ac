import { Link } from "../parts/link.tsx";
import { Note } from "../parts/problem-note.tsx";
import { say } from "../session/settings.ts";

/** What a page says to whom it is not for: no error, and where to go instead. */
export const MayNot = ({ what }: { readonly what: "runs" | "schedules" }) => (
  <>
    <h1>{say(`may_not.${what}.title`)}</h1>
    <Note tone="idle" title={say("may_not.title")}>
      <p>{say(`may_not.${what}.text`)}</p>
      <p>
        <Link to={{ page: "scenes" }}>{say("may_not.instead")}</Link>
      </p>
    </Note>
  </>
);
