import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../session/settings.ts";

/** Asks before something is done to the home. The browser's own dialog: it holds the focus, and Escape leaves it. */
export const QuestionDialog = ({
  title,
  yes,
  onYes,
  onClose,
  children,
}: {
  readonly title: string;
  readonly yes: string;
  readonly onYes: (form: FormData) => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="question-title" onClose={onClose}>
      <form
        method="dialog"
        onSubmit={(event) => {
          const { submitter, currentTarget } = event;
          if (submitter instanceof HTMLButtonElement && submitter.value === "yes") {
            onYes(new FormData(currentTarget));
          }
        }}
      >
        <h2 id="question-title">{title}</h2>
        {children}
        <div class="row end">
          <button type="submit" value="no" formNoValidate>
            {say("action.cancel")}
          </button>
          <button type="submit" value="yes" class="primary">
            {yes}
          </button>
        </div>
      </form>
    </dialog>
  );
};
