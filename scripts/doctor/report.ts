import type { Finding, Status } from "./diagnosis.ts";
import type { ExaminedStep } from "./examine.ts";
import type { Exchange, HttpResponse } from "./exchange.ts";
import type { Redactor } from "./redactor.ts";

const MARKS: Readonly<Record<Status, string>> = { ok: "✓", warning: "!", failure: "✗" };
const SHOWN_CHARACTERS = 320;
const SHOWN_HEADERS = [
  "content-type",
  "www-authenticate",
  "x-amzn-remapped-www-authenticate",
  "x-amzn-errortype",
  "location",
  "date",
];

/** Whether nothing was found that would stop Claude. */
export const isHealthy = (steps: readonly ExaminedStep[]): boolean =>
  findingsOf(steps).every((finding) => finding.status !== "failure");

/** One block a step: what was found, what to do, and the requests behind it. */
export const stepLines = (
  { step, findings, exchanges }: ExaminedStep,
  redactor: Redactor,
): readonly string[] =>
  [
    "",
    `${step}`,
    ...findings.flatMap((finding) => [
      `  ${MARKS[finding.status]} ${finding.summary}  [${finding.code}]`,
      ...(finding.fix === undefined ? [] : [`    fix: ${finding.fix}`]),
    ]),
    ...exchanges
      .flatMap((exchange) => exchangeLines(exchange, redactor))
      .map((line) => `      ${line}`),
  ].map((line) => oneLine(line, redactor));

/** How many of which, and what to do first. */
export const summaryLines = (
  steps: readonly ExaminedStep[],
  redactor: Redactor,
): readonly string[] => {
  const findings = findingsOf(steps);
  const count = (status: Status): number =>
    findings.filter((finding) => finding.status === status).length;
  const first = findings.find((finding) => finding.status === "failure");
  return [
    "",
    `${count("ok")} ✓   ${count("warning")} !   ${count("failure")} ✗`,
    ...(first === undefined
      ? ["Nothing here would stop Claude."]
      : [
          `This would stop Claude: ${first.summary}`,
          `Do this first [${first.code}]: ${first.fix}`,
        ]),
  ].map((line) => oneLine(line, redactor));
};

/** The same for programs. */
export const asJson = (steps: readonly ExaminedStep[], redactor: Redactor): string => {
  const checks = steps.flatMap(({ step, findings }) =>
    findings.map(({ code, status, summary, fix, exchange }) => ({
      step,
      code,
      status,
      summary,
      fix: fix ?? null,
      request: exchange === undefined ? null : exchange.request,
      response: exchange === undefined ? null : responseOf(exchange),
    })),
  );
  // Text by text, so that what is taken out cannot break the document.
  const clean = (_key: string, value: unknown): unknown =>
    typeof value === "string" ? redactor.redact(value) : value;
  return JSON.stringify({ checks, ok: isHealthy(steps) }, clean, 2);
};

const findingsOf = (steps: readonly ExaminedStep[]): readonly Finding[] =>
  steps.flatMap(({ findings }) => findings);

const responseOf = ({ response, trouble }: Exchange): unknown =>
  response === undefined
    ? { error: trouble?.reason ?? "no answer" }
    : {
        status: response.status,
        headers: Object.fromEntries(headersOf(response)),
        body: response.body,
      };

// What a server says must not look like a line of the doctor's.
const oneLine = (line: string, redactor: Redactor): string =>
  redactor.redact(line).replaceAll(/[\n\t]/g, " ");

const exchangeLines = (
  { request, response, trouble, tookMs }: Exchange,
  redactor: Redactor,
): readonly string[] => [
  `${request.method} ${request.url}`,
  ...Object.entries(request.headers ?? {})
    .filter(([name]) => name === "authorization")
    .map(([name, value]) => `  ${name}: ${value}`),
  ...(request.body === undefined ? [] : [`  ${cut(request.body, redactor)}`]),
  response === undefined
    ? `  → ${trouble?.reason ?? "no answer"} after ${Math.round(tookMs)} ms`
    : `  → ${response.status} in ${Math.round(tookMs)} ms`,
  ...(response === undefined
    ? []
    : [
        ...headersOf(response)
          .filter(([name]) => name !== "date" && name !== "content-type")
          .map(([name, value]) => `    ${name}: ${cut(value, redactor)}`),
        ...(isPage(response) ? [] : bodyLines(response.body, redactor)),
      ]),
];

const headersOf = ({ headers }: HttpResponse): readonly (readonly [string, string])[] =>
  SHOWN_HEADERS.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });

const isPage = ({ headers }: HttpResponse): boolean =>
  (headers["content-type"] ?? "").includes("text/html");

const bodyLines = (body: string, redactor: Redactor): readonly string[] =>
  body.trim() === "" ? [] : [`    ${cut(body, redactor)}`];

// Secrets are taken out first: half of one would not be known any more.
const cut = (text: string, redactor: Redactor): string => {
  const clean = redactor.redact(text).replaceAll(/\s+/g, " ").trim();
  return clean.length <= SHOWN_CHARACTERS ? clean : `${clean.slice(0, SHOWN_CHARACTERS)}…`;
};
