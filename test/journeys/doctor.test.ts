import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { examine } from "../../scripts/doctor/examine.ts";
import { patientOf } from "../../scripts/doctor/patient.ts";
import { createRedactor } from "../../scripts/doctor/redactor.ts";
import { asJson, stepLines, summaryLines } from "../../scripts/doctor/report.ts";
import { assemblyWithout } from "../support/assembly-without.ts";
import { type FakeServer, startFakeServer } from "../support/fake-mcp-server.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { personOf } from "../support/person.ts";
import { AS, document, MACHINE, ROWS, type Row, WEB } from "../support/spoiled-servers.ts";

const DOCTOR = join(import.meta.dirname, "..", "..", "scripts", "doctor.ts");

interface Report {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly code: string;
    readonly status: string;
    readonly summary: string;
    readonly fix: string | null;
    readonly request: { readonly url: string } | null;
    readonly response: unknown;
  }[];
}

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

interface Visit {
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exitCode: Promise<number | null>;
}

const doctor = (...args: readonly string[]): Visit => {
  const child = spawn(process.execPath, [DOCTOR, ...args]);
  running.add(child);
  child.once("exit", () => running.delete(child));
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk: Buffer) => {
      printed[name] += chunk.toString("utf8");
    });
  }
  return {
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    exitCode: once(child, "close").then(([code]) => code as number | null),
  };
};

const reportOf = (json: string): Report => JSON.parse(json) as Report;

const secretsOf = ({ home }: Journey): readonly string[] => [
  ...Object.values(home.endpoints.cognito.clients).flatMap(({ clientSecret }) =>
    clientSecret === undefined ? [] : [clientSecret],
  ),
  ...home.endpoints.cognito.users.map(({ password }) => password),
];

const expectNoSecret = (output: string, secrets: readonly string[]): void => {
  for (const secret of secrets) {
    expect(output).not.toContain(secret);
    expect(output).not.toContain(encodeURIComponent(secret));
  }
  expect(output).not.toMatch(/eyJ[\w-]{10,}/);
};

describe("the house", () => {
  const startHouse = async (assembly?: string): Promise<Journey> => {
    const house = await startJourney(assembly === undefined ? {} : { assembly });
    onTestFinished(() => house.close());
    return house;
  };

  test("a healthy house: exit 0, with nothing but the warning that Cognito does not advertise S256", async () => {
    const house = await startHouse();

    const text = doctor("--data", house.data);
    const json = doctor("--data", house.data, "--json");
    expect(await text.exitCode, text.stdout()).toBe(0);
    expect(await json.exitCode).toBe(0);

    const report = reportOf(json.stdout());
    expect(report.ok).toBe(true);
    expect(report.checks.filter(({ status }) => status !== "ok").map(({ code }) => code)).toEqual([
      "PkceNotAdvertised",
    ]);
    expect(report.checks.map(({ code }) => code)).toContain("ToolsVisible");
    expect(text.stdout()).toContain("Nothing here would stop Claude.");
    expectNoSecret(text.stdout() + text.stderr() + json.stdout(), secretsOf(house));
  });

  test("a person signs in at the printed address, and the doctor goes on with their token", async () => {
    const house = await startHouse();

    const visit = doctor("--data", house.data, "--sign-in");
    await expect.poll(visit.stdout, { timeout: 20_000 }).toMatch(/^ {2}http:\S+authorize\S+$/m);
    const [, address = ""] = /^ {2}(http:\S+authorize\S+)$/m.exec(visit.stdout()) ?? [];
    const callback = await personOf(house.home.endpoints, "resident").signIn(address);
    await fetch(callback);

    expect(await visit.exitCode, visit.stdout()).toBe(0);
    expect(visit.stdout()).toContain("[SignedIn]");
    expect(visit.stdout()).toContain('token_use "access"');
    expect(visit.stdout().match(/\[ToolsVisible\]/g)).toHaveLength(2);
    expectNoSecret(visit.stdout() + visit.stderr(), [
      ...secretsOf(house),
      callback.searchParams.get("code") ?? "no code",
    ]);
  });

  test("the story: without allowedScopes Claude asks for openid email phone profile; cause and cure are named", async () => {
    const house = await startHouse(assemblyWithout({ allowedScopes: [] }));

    const text = doctor("--data", house.data);
    const json = doctor("--data", house.data, "--json");
    expect(await text.exitCode).toBe(1);
    expect(await json.exitCode).toBe(1);

    const failures = reportOf(json.stdout()).checks.filter(({ status }) => status === "failure");
    expect(failures.map(({ code }) => code)).toEqual(["ScopesNotAdvertised"]);
    expect(failures[0]?.summary).toContain("openid email phone profile");
    expect(failures[0]?.summary).toContain("smarthome-local-client may not have them");
    expect(failures[0]?.summary).toContain("invalid_scope");
    expect(failures[0]?.summary).toContain("code: Field required");
    expect(failures[0]?.fix).toContain("allowedScopes");
    expect(failures[0]?.fix).toContain("delete the connector");
    expect(text.stdout()).toContain("Do this first [ScopesNotAdvertised]");
    expectNoSecret(text.stdout() + json.stdout(), secretsOf(house));
  });
});

describe("a server that is spoiled", () => {
  const start = async (row: Pick<Row, "spoil" | "host">): Promise<FakeServer> => {
    const server = await startFakeServer(row.spoil, row.host);
    onTestFinished(() => server.close());
    return server;
  };

  // Every form in which the doctor speaks.
  const visit = async (
    url: string,
    [clientId, clientSecret]: readonly (string | undefined)[] = [],
  ) => {
    const redactor = createRedactor();
    const patient = await patientOf(
      {
        url,
        signIn: false,
        ...(clientId === undefined ? {} : { clientId }),
        ...(clientSecret === undefined ? {} : { clientSecret }),
      },
      () => {
        throw new Error("the house is not asked");
      },
    );
    const steps = await examine(patient, redactor, () => undefined);
    const json = asJson(steps, redactor);
    const text = [
      ...steps.flatMap((step) => stepLines(step, redactor)),
      ...summaryLines(steps, redactor),
    ];
    return { report: reportOf(json), output: `${json}\n${text.join("\n")}` };
  };

  test.each(ROWS)("$is: $code, and the fix names $names", async (row) => {
    const server = await start(row);

    const { report, output } = await visit(
      row.url?.(server.origin) ?? `${server.origin}/mcp`,
      row.client,
    );

    const found = report.checks.filter(({ code }) => code === row.code);
    expect(
      found.map(({ status }) => status),
      output,
    ).toContain(row.status);
    expect(found.map(({ fix }) => fix).join("\n")).toContain(
      row.names.replace("ORIGIN", server.origin),
    );
    if (row.status === "failure") expect(report.ok).toBe(false);
    const secret = row.client?.[1];
    expectNoSecret(output, [
      ...(secret === undefined ? [] : [secret]),
      "signature-of-the-test",
      "refresh-token-of-the-test",
    ]);
    for (const { path, text } of server.heard.filter(({ path }) => path !== "/as/token")) {
      if (secret !== undefined)
        expect(text, path).not.toContain(new URLSearchParams({ s: secret }).toString().slice(2));
    }
  });

  test("a port that nobody listens on: ConnectionFailed, and the fix names the host", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));

    const { report } = await visit(`http://127.0.0.1:${port}/mcp`);

    expect(report).toMatchObject({ ok: false, checks: [{ code: "ConnectionFailed" }] });
    expect(report.checks[0]?.fix).toContain("127.0.0.1");
  });

  test.each([
    ["JSON", false],
    ["an event stream", true],
  ])(
    "nothing is wrong with one that answers in %s and is not Cognito",
    async (_, isEventStream) => {
      const server = await start({ spoil: () => ({ isEventStream }) });

      const { report } = await visit(`${server.origin}/mcp`, MACHINE);

      expect(report.ok).toBe(true);
      expect(report.checks.filter(({ status }) => status !== "ok").map(({ code }) => code)).toEqual(
        ["MachineClient"],
      );
      expect(report.checks.find(({ code }) => code === "ToolsVisible")?.summary).toContain(
        "read_it, write_it",
      );
      expect(report.checks.find(({ code }) => code === "ServerMetadataFound")?.summary).toContain(
        "not Cognito",
      );
    },
  );

  test("no secret goes to a sign-in server whose metadata is another's", async () => {
    const server = await start({
      spoil: document(AS, () => ({ issuer: "https://trusted.example" })),
    });

    await visit(`${server.origin}/mcp`, WEB);

    expect(server.heard.map(({ path }) => path)).not.toContain("/as/token");
  });

  test("a secret that the server says back is not printed, nor can its text steer the terminal", async () => {
    const server = await start({
      spoil: () => ({
        refusal: { status: 500, body: `${MACHINE[1]} \u001b[31m\n✓ all is well` },
      }),
    });

    const { output } = await visit(`${server.origin}/mcp`, MACHINE);

    expectNoSecret(output, [MACHINE[1]]);
    expect(output).not.toContain("\u001b");
    expect(output).not.toMatch(/^✓ all is well/m);
  });
});

describe("a person who comes back", () => {
  const freePort = async (): Promise<number> => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  };

  test.each([
    { how: "signed in", code: "SignedIn", ok: true, change: {}, more: "" },
    { how: "with an error", code: "SignInRefused", ok: false, change: { scopes: [] }, more: "" },
    {
      how: "from elsewhere",
      code: "SignInMixedUp",
      ok: false,
      change: {},
      more: "?code=forged-code&state=forged",
    },
    {
      how: "with a code, and the secret is missing",
      code: "CodeRefused",
      ok: false,
      change: { secret: "not-given" },
      more: "",
    },
  ])("$how: $code", async ({ code, ok, change, more }) => {
    const callback = `http://127.0.0.1:${await freePort()}/callback`;
    const server = await startFakeServer(({ clients }) => ({
      clients: {
        ...clients,
        local: { callbacks: [callback], scopes: ["tool/read", "tool/write"], ...change },
      },
    }));
    onTestFinished(() => server.close());
    const redactor = createRedactor();
    const patient = await patientOf(
      { url: `${server.origin}/mcp`, clientId: "local", callbacks: [callback], signIn: true },
      () => {
        throw new Error("the house is not asked");
      },
    );

    const steps = await examine(patient, redactor, (line) => {
      const [, address = ""] = /^ {2}(http:\S+)$/m.exec(line) ?? [];
      void fetch(more === "" ? address : `${callback}${more}`);
    });

    const json = asJson(steps, redactor);
    const report = reportOf(json);
    expect(report.checks.map((check) => check.code)).toContain(code);
    expect(report.ok).toBe(ok);
    expectNoSecret(json, [
      "code-of-the-test",
      "signature-of-the-test",
      "refresh-token-of-the-test",
    ]);
  });
});

describe("the command", () => {
  test.each([
    [["not a url"], "is no http or https address"],
    [["https://a:b@gw.example/mcp"], "leave it out"],
    [["--client-secret", "s3cret"], "--client-secret needs --client-id"],
    [["https://gw.example/mcp", "--sign-in"], "needs --client-id"],
    [["one", "two"], "Name one server"],
    [["--no-such-option"], "--no-such-option"],
    [["--data", "no-such-folder"], "No house is up"],
  ])("%j is bad usage: one line, exit 2", async (args, said) => {
    const visit = doctor(...args);

    expect(await visit.exitCode).toBe(2);
    expect(visit.stderr()).toContain(said);
    expect(visit.stdout()).toBe("");
  });
});
