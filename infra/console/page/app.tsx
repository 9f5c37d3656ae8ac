import { useEffect, useRef } from "preact/hooks";
import { shownHome } from "../model/answers.ts";
import type { Route } from "../model/route.ts";
import { Header } from "./parts/header.tsx";
import { ProblemNote } from "./parts/problem-note.tsx";
import { homeInAddress, route } from "./session/place.ts";
import { call, home, offers, session } from "./session/session.ts";
import { language, say } from "./session/settings.ts";
import { useAnswer } from "./session/use-answer.ts";
import { DevicePage } from "./views/device.tsx";
import { MayNot } from "./views/may-not.tsx";
import { Overview } from "./views/overview.tsx";
import { RunPage } from "./views/run.tsx";
import { Runs } from "./views/runs.tsx";
import { Scenes } from "./views/scenes.tsx";
import { Schedules } from "./views/schedules.tsx";
import { SignedOut } from "./views/signed-out.tsx";

/** The whole page. */
export const App = () => {
  useEffect(() => {
    document.documentElement.lang = language.value;
    document.title = say("app.title");
  }, [language.value]);
  const now = session.value;
  return (
    <>
      <a class="skip" href="#main">
        {say("app.skip")}
      </a>
      <Header />
      {now.is === "in" ? (
        <Inside />
      ) : (
        <main id="main" tabIndex={-1}>
          {now.is === "out" ? <SignedOut out={now} /> : <Opening />}
        </main>
      )}
    </>
  );
};

const Opening = () => (
  <p class="opening quiet" role="status">
    {say("state.opening")}
  </p>
);

const Inside = () => {
  const here = route.value;
  const which = homeInAddress.value ?? "";
  const asked = useAnswer(`home ${which}`, async (signal) => {
    const answer = await call("get_home", { detail: "full" }, shownHome, signal);
    home.value = answer;
    return answer;
  });
  const main = useRef<HTMLElement>(null);
  const place = JSON.stringify(here.page === "runs" ? here.page : here);
  const first = useRef(true);
  // Whoever reads by ear or by keyboard begins at the new page, and not in the middle of the old one.
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [place]);
  return (
    <main id="main" tabIndex={-1} ref={main}>
      {asked.problem !== undefined && asked.value === undefined ? (
        <ProblemNote problem={asked.problem} again={asked.again} />
      ) : asked.value === undefined ? (
        <Opening />
      ) : (
        <Page key={which} here={here} />
      )}
    </main>
  );
};

const Page = ({ here }: { readonly here: Route }) => {
  switch (here.page) {
    case "overview":
      return offers("list_runs") ? <Overview /> : <MayNot what="runs" />;
    case "runs":
      return offers("list_runs") ? (
        <Runs filters={here.filters} token={here.token} />
      ) : (
        <MayNot what="runs" />
      );
    case "run":
      return <RunPage key={here.run} run={here.run} />;
    case "device":
      return offers("list_runs") ? (
        <DevicePage key={here.device} device={here.device} />
      ) : (
        <MayNot what="runs" />
      );
    case "scenes":
      return <Scenes scene={here.scene} />;
    case "schedules":
      return offers("schedule_scene") ? (
        <Schedules schedule={here.schedule} />
      ) : (
        <MayNot what="schedules" />
      );
    case "unknown":
      return <h1>{say("app.unknown")}</h1>;
  }
};
