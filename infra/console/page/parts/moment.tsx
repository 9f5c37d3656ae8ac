import { durationInWords, type Exactness, momentInWords } from "../../model/moments.ts";
import { home } from "../session/session.ts";
import { locale, readerZone, say } from "../session/settings.ts";

/** A moment in the reader's zone, with the home's beside it where its clocks show something else. */
export const Moment = ({
  at,
  exactness = "minute",
}: {
  readonly at: string;
  readonly exactness?: Exactness;
}) => {
  const zones = { reader: readerZone(), home: home.value?.zone };
  const { here, home: there } = momentInWords(at, zones, locale.value, exactness);
  return (
    <span class="moment">
      <time dateTime={at}>{here}</time>
      {there !== undefined && (
        <span class="moment-home"> {say("time.at_home", { time: there })}</span>
      )}
    </span>
  );
};

/** A length of time. */
export const Duration = ({ ms }: { readonly ms: number }) => (
  <span class="number">{durationInWords(ms, locale.value)}</span>
);
