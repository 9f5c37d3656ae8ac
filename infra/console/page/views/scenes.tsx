import { useState } from "preact/hooks";
import { spelt } from "#domain/printable.ts";
import { plannedScene, startedRun } from "../../model/answers.ts";
import { Answered } from "../parts/answered.tsx";
import { Link } from "../parts/link.tsx";
import { Name } from "../parts/name.tsx";
import { sceneName } from "../parts/names.ts";
import { Note } from "../parts/problem-note.tsx";
import { QuestionDialog } from "../parts/question-dialog.tsx";
import { StartedRun } from "../parts/started-run.tsx";
import { call, home, offers } from "../session/session.ts";
import { say } from "../session/settings.ts";
import { useAnswer } from "../session/use-answer.ts";

/** The home's scenes, and what one of them would do now. */
export const Scenes = ({ scene }: { readonly scene: string | undefined }) => {
  const scenes = home.value?.scenes ?? [];
  return (
    <>
      <h1>{say("scenes.title")}</h1>
      <p class="quiet">{say("scenes.text")}</p>
      <div class="split">
        <nav aria-label={say("scenes.title")}>
          <ul class="choices">
            {scenes.map((one) => (
              <li key={one.scene}>
                <Link
                  to={{ page: "scenes", scene: one.scene }}
                  {...(one.scene === scene ? { "aria-current": "page" as const } : {})}
                >
                  <Name of={one.name} />
                  <span class="quiet">{say("scenes.stages", { n: one.stages?.length ?? 0 })}</span>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        {scene === undefined ? (
          <Note tone="idle" title={say("scenes.choose")} />
        ) : (
          <Plan key={scene} scene={scene} />
        )}
      </div>
    </>
  );
};

const Plan = ({ scene }: { readonly scene: string }) => {
  const asked = useAnswer(`plan ${scene}`, (signal) =>
    call("plan_scene", { scene }, plannedScene, signal),
  );
  const [isAsking, setIsAsking] = useState(false);
  const [started, setStarted] = useState<{ readonly reason?: string }>();
  return (
    <section class="card">
      <Answered asked={asked} rows={8}>
        {(plan) => (
          <>
            <div class="bar-head">
              <h2>
                <Name of={sceneName(plan.scene)} />
              </h2>
              {offers("run_scene") && (
                <button
                  type="button"
                  class="primary"
                  onClick={() => setIsAsking(true)}
                  disabled={started !== undefined}
                >
                  {say("scenes.run")}
                </button>
              )}
            </div>
            {started !== undefined && (
              <StartedRun
                start={(requestId, approval) =>
                  call(
                    "run_scene",
                    { scene, ...started, ...approval, request_id: requestId },
                    startedRun,
                  )
                }
              />
            )}
            <p class="quiet">{say("scenes.would")}</p>
            {plan.stages.map((stage, at) => (
              <div key={stage.name} class="scroll">
                <table class="plan">
                  <caption>
                    <span class="number">{at + 1}</span> <Name of={stage.name} />
                  </caption>
                  <thead class="unseen">
                    <tr>
                      <th scope="col">{say("run.device")}</th>
                      <th scope="col">{say("state.asked")}</th>
                      <th scope="col">{say("scenes.window")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {stage.devices.map((one) => (
                      <tr key={one.device}>
                        <th scope="row">
                          <Name of={one.name} />
                        </th>
                        <td lang="en">
                          <Name of={one.want} />
                          {one.required && <span class="tag">{say("scenes.required")}</span>}
                        </td>
                        <td class="quiet number">
                          {say("scenes.within", { seconds: one.window_s })}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            ))}
          </>
        )}
      </Answered>
      {isAsking && (
        <QuestionDialog
          title={say("scenes.question", { scene: spelt(sceneName(scene)) })}
          yes={say("scenes.run")}
          onYes={(form) => {
            const reason = form.get("reason");
            setStarted(typeof reason === "string" && reason.trim() !== "" ? { reason } : {});
          }}
          onClose={() => setIsAsking(false)}
        >
          <p>{say("scenes.explained")}</p>
          <label>
            {say("run.reason_label")}
            <input name="reason" maxLength={200} autocomplete="off" />
          </label>
        </QuestionDialog>
      )}
    </section>
  );
};
