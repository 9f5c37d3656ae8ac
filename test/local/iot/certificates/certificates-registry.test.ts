import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  DeleteCertificateCommand,
  DeleteThingCommand,
  DescribeEndpointCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  ListPrincipalThingsCommand,
} from "@aws-sdk/client-iot";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeDeviceKey } from "../../../../scripts/devices/device-key.ts";
import { awsCliPath, runAwsCli } from "../../aws-cli.ts";
import { containing } from "../matchers.ts";
import {
  attachedPolicies,
  bench,
  CREDENTIALS,
  describeOf,
  INVALID,
  NOT_FOUND,
  plain,
  principalsOf,
  refused,
  setStatus,
  startRegistryBench,
} from "../registry-bench.ts";
import { parsed } from "../support.ts";
import type { Device } from "../tls/secure-bench.ts";

const ACCOUNT = "arn:aws:iot:us-east-1:000000000000";
const UNKNOWN_ID = "0".repeat(64);
const UNKNOWN_ARN = `${ACCOUNT}:cert/${UNKNOWN_ID}`;

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

/** Permissions that the caller lacks for the moment. */
const withheld = new Set<string>();
/** How far the clock of the registry was put forward. */
let passedMs = 0;
beforeAll(() =>
  startRegistryBench({
    allows: ({ action }) => !withheld.has(action),
    nowMs: () => Date.now() + passedMs,
  }),
);
afterAll(() => bench.close());

describe("a certificate", () => {
  let made: Device;
  beforeAll(async () => {
    made = await bench.register("described", { policies: [], things: [] });
  });

  test("is described with its status and dates", async () => {
    const described = await describeOf(made.certificateId);

    expect(described).toMatchObject({
      certificateArn: made.certificateArn,
      certificateId: made.certificateId,
      certificatePem: made.cert,
      status: "ACTIVE",
      certificateMode: "DEFAULT",
      validity: { notAfter: new Date("2049-12-31T23:59:59Z") },
    });
    const age = Date.now() - (described?.creationDate?.getTime() ?? 0);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(600_000);
    expect(described?.lastModifiedDate).toEqual(described?.creationDate);
  });

  test("is set to each status, again and again", async () => {
    const seen: unknown[] = [];
    for (const status of ["INACTIVE", "INACTIVE", "REVOKED", "ACTIVE"] as const) {
      await setStatus(made.certificateId, status);
      seen.push((await describeOf(made.certificateId))?.status);
    }

    expect(seen).toEqual(["INACTIVE", "INACTIVE", "REVOKED", "ACTIVE"]);
  });

  test.for(["PENDING_TRANSFER", "PENDING_ACTIVATION", "REGISTER_INACTIVE"] as const)(
    "is not set to %s, which is not imitated",
    async (status) => {
      await expect(setStatus(made.certificateId, status)).rejects.toMatchObject(INVALID);
    },
  );

  test.for([
    ["DescribeCertificate", () => describeOf(UNKNOWN_ID)],
    ["UpdateCertificate", () => setStatus(UNKNOWN_ID, "ACTIVE")],
    [
      "DeleteCertificate",
      () => bench.control.send(new DeleteCertificateCommand({ certificateId: UNKNOWN_ID })),
    ],
    ["ListAttachedPolicies", () => attachedPolicies(UNKNOWN_ARN)],
    [
      "AttachPolicy",
      () =>
        bench.control.send(
          new AttachPolicyCommand({ policyName: "SmarthomeDevice", target: UNKNOWN_ARN }),
        ),
    ],
    [
      "DetachPolicy",
      () =>
        bench.control.send(
          new DetachPolicyCommand({ policyName: "SmarthomeDevice", target: UNKNOWN_ARN }),
        ),
    ],
    [
      "AttachThingPrincipal",
      () =>
        bench.control.send(
          new AttachThingPrincipalCommand({ thingName: "described", principal: UNKNOWN_ARN }),
        ),
    ],
    [
      "DetachThingPrincipal",
      () =>
        bench.control.send(
          new DetachThingPrincipalCommand({ thingName: "described", principal: UNKNOWN_ARN }),
        ),
    ],
  ] as const)("that nobody made is not found: %s", async ([, send]) => {
    await expect(send()).rejects.toMatchObject(NOT_FOUND);
  });

  test.for(["x", "A".repeat(64), `${"0".repeat(63)}g`, "0".repeat(65), "%00", "..%2Fthings"])(
    "has no id such as %s",
    async (id) => {
      const answer = await plain("GET", `/certificates/${id}`);

      expect(answer.status).toBe(400);
      expect(answer.headers["x-amzn-errortype"]).toBe("InvalidRequestException");
    },
  );
});

describe("DeleteCertificate", () => {
  const remove = (certificateId: string, forceDelete?: boolean) =>
    bench.control.send(
      new DeleteCertificateCommand({
        certificateId,
        ...(forceDelete === undefined ? {} : { forceDelete }),
      }),
    );

  test("refuses one that is active, with force too", async () => {
    const { certificateId } = await bench.register("active", { policies: [], things: [] });

    await expect(remove(certificateId)).rejects.toMatchObject(
      refused("CertificateStateException", 406),
    );
    await expect(remove(certificateId, true)).rejects.toMatchObject(
      refused("CertificateStateException", 406),
    );
    expect(await describeOf(certificateId)).toMatchObject({ status: "ACTIVE" });
  });

  test("refuses one with a policy, unless forced; then the policy goes with it", async () => {
    const { certificateId, certificateArn } = await bench.register("guarded", { things: [] });
    await setStatus(certificateId, "INACTIVE");

    await expect(remove(certificateId)).rejects.toMatchObject(
      refused("DeleteConflictException", 409),
    );
    const before = await attachedPolicies(certificateArn);
    await remove(certificateId, true);

    expect(before).toHaveLength(1);
    await expect(describeOf(certificateId)).rejects.toMatchObject(NOT_FOUND);
    await expect(attachedPolicies(certificateArn)).rejects.toMatchObject(NOT_FOUND);
  });

  test("refuses one that stands for a thing, with force too", async () => {
    const device = await bench.register("standing");
    const { certificateId } = device;
    await setStatus(certificateId, "INACTIVE");

    await expect(remove(certificateId, true)).rejects.toMatchObject(
      refused("DeleteConflictException", 409),
    );

    expect(await principalsOf("standing")).toEqual([device.certificateArn]);
    expect(await attachedPolicies(device.certificateArn)).toHaveLength(1);
  });

  test("removes one that nothing is attached to, once", async () => {
    const { certificateId } = await bench.register("done", { policies: [], things: [] });
    await setStatus(certificateId, "INACTIVE");

    await remove(certificateId);

    await expect(remove(certificateId)).rejects.toMatchObject(NOT_FOUND);
  });
});

describe("policies", () => {
  test("are attached and detached, twice without harm, and listed", async () => {
    const { certificateArn: target } = await bench.register("holder", {
      policies: [],
      things: [],
    });
    const one = { policyName: "SmarthomeDevice", target };

    await bench.control.send(new AttachPolicyCommand(one));
    await bench.control.send(new AttachPolicyCommand(one));
    const attached = await attachedPolicies(target);
    await bench.control.send(new DetachPolicyCommand(one));
    await bench.control.send(new DetachPolicyCommand(one));

    expect(attached).toEqual([
      {
        policyName: "SmarthomeDevice",
        policyArn: "arn:aws:iot:us-east-1:000000000000:policy/SmarthomeDevice",
      },
    ]);
    expect(await attachedPolicies(target)).toEqual([]);
  });

  test("that the template does not have are not found", async () => {
    const { certificateArn: target } = await bench.register("wants", { policies: [], things: [] });

    const attached = bench.control.send(new AttachPolicyCommand({ policyName: "Other", target }));

    await expect(attached).rejects.toMatchObject(NOT_FOUND);
  });

  test.for([
    ["nothing", ""],
    ["another account's certificate", `arn:aws:iot:us-east-1:111111111111:cert/${UNKNOWN_ID}`],
    ["another region's certificate", `arn:aws:iot:eu-west-1:000000000000:cert/${UNKNOWN_ID}`],
    ["a thing group", `${ACCOUNT}:thinggroup/all`],
    ["an identity of Cognito", "us-east-1:11111111-2222-3333-4444-555555555555"],
    ["a certificate's id", UNKNOWN_ID],
    ["every certificate", `${ACCOUNT}:cert/*`],
    ["an ARN with more behind it", `${UNKNOWN_ARN}0`],
  ] as const)("are not attached to %s", async ([, target]) => {
    const attached = bench.control.send(
      new AttachPolicyCommand({ policyName: "SmarthomeDevice", target }),
    );

    await expect(attached).rejects.toMatchObject(INVALID);
  });
});

describe("things", () => {
  test("are attached and detached, twice without harm; those that are cannot be deleted", async () => {
    const one = await bench.register("attached", { things: [] });
    const other = await bench.register("attached", { things: [] });
    const thingName = "attached";
    const attach = (principal: string) =>
      bench.control.send(new AttachThingPrincipalCommand({ thingName, principal }));
    const detach = (principal: string) =>
      bench.control.send(new DetachThingPrincipalCommand({ thingName, principal }));
    const remove = () => bench.control.send(new DeleteThingCommand({ thingName }));

    await attach(one.certificateArn);
    await attach(one.certificateArn);
    await attach(other.certificateArn);
    const both = await principalsOf(thingName);
    await detach(one.certificateArn);
    await detach(one.certificateArn);
    passedMs += 3000;
    const rest = await principalsOf(thingName);
    await expect(remove()).rejects.toMatchObject(INVALID);
    await detach(other.certificateArn);
    passedMs += 3000;
    await remove();

    expect(both?.toSorted()).toEqual([one.certificateArn, other.certificateArn].toSorted());
    expect(rest).toEqual([other.certificateArn]);
    await expect(principalsOf(thingName)).rejects.toMatchObject(NOT_FOUND);
  });

  // REQ: detachment-seen-late
  test("that a certificate was detached from are seen there for some seconds more, and hold both", async () => {
    const { certificateArn: principal, certificateId } = await bench.register("slow", {
      policies: [],
      things: [],
    });
    const thingName = "slow";
    await bench.control.send(new AttachThingPrincipalCommand({ thingName, principal }));
    await setStatus(certificateId, "INACTIVE");
    const remove = () => bench.control.send(new DeleteCertificateCommand({ certificateId }));

    await bench.control.send(new DetachThingPrincipalCommand({ thingName, principal }));

    expect(await principalsOf(thingName)).toEqual([principal]);
    await expect(remove()).rejects.toMatchObject(refused("DeleteConflictException", 409));
    await expect(bench.control.send(new DeleteThingCommand({ thingName }))).rejects.toMatchObject(
      INVALID,
    );
    passedMs += 3000;
    expect(await principalsOf(thingName)).toEqual([]);
    await remove();
  });

  test("that nobody registered are not found", async () => {
    const { certificateArn: principal } = await bench.register("lonely", { things: [] });
    const names = { thingName: "nobody", principal };

    for (const sent of [
      () => bench.control.send(new AttachThingPrincipalCommand(names)),
      () => bench.control.send(new DetachThingPrincipalCommand(names)),
      () => principalsOf("nobody"),
    ]) {
      await expect(sent()).rejects.toMatchObject(NOT_FOUND);
    }
  });

  describe("that a certificate is attached to exclusively", () => {
    type PrincipalType = "EXCLUSIVE_THING" | "NON_EXCLUSIVE_THING";
    const attach = (
      thingName: string,
      principal: string,
      thingPrincipalType?: PrincipalType | undefined,
    ) =>
      bench.control.send(
        new AttachThingPrincipalCommand({ thingName, principal, thingPrincipalType }),
      );
    const thingsOf = async (principal: string) =>
      (await bench.control.send(new ListPrincipalThingsCommand({ principal }))).things;

    test.for(["EXCLUSIVE_THING", "NON_EXCLUSIVE_THING", undefined] as const)(
      "are its only one: a second is refused as %s",
      async (type) => {
        const { certificateArn: principal } = await bench.register("only", { things: [] });
        await bench.register("second", { things: [] });
        await attach("only", principal, "EXCLUSIVE_THING");

        await expect(attach("second", principal, type)).rejects.toMatchObject(INVALID);
        expect(await thingsOf(principal)).toEqual(["only"]);
      },
    );

    test("can be so again, and cannot be otherwise until they are detached", async () => {
      const { certificateArn: principal } = await bench.register("again", { things: [] });
      await bench.register("other", { things: [] });
      await attach("again", principal, "EXCLUSIVE_THING");
      await attach("again", principal, "EXCLUSIVE_THING");

      await expect(attach("again", principal)).rejects.toMatchObject(INVALID);
      await bench.control.send(new DetachThingPrincipalCommand({ thingName: "again", principal }));
      await attach("other", principal);
      await attach("again", principal, "NON_EXCLUSIVE_THING");
      expect(await thingsOf(principal)).toEqual(["again", "other"]);
    });

    test("are none that it was attached to, and no further one, before it is free", async () => {
      const { certificateArn: principal } = await bench.register("first", { things: [] });
      await bench.register("wanted", { things: [] });
      await attach("first", principal);

      await expect(attach("wanted", principal, "EXCLUSIVE_THING")).rejects.toMatchObject(INVALID);
      await expect(attach("first", principal, "EXCLUSIVE_THING")).rejects.toMatchObject(INVALID);
      expect(await thingsOf(principal)).toEqual(["first"]);
    });

    test("may have another certificate that is theirs alone", async () => {
      const one = await bench.register("shared", { things: [] });
      const other = await bench.register("shared", { things: [] });
      await attach("shared", one.certificateArn, "EXCLUSIVE_THING");
      await attach("shared", other.certificateArn, "EXCLUSIVE_THING");

      expect(await principalsOf("shared")).toHaveLength(2);
    });

    test("let it in by their name only, as the policy says", async () => {
      const device = await bench.register("itself", { things: [] });
      await bench.register("neighbour", { things: [] });
      await attach("itself", device.certificateArn, "EXCLUSIVE_THING");

      await expect(bench.signIn(device, { clientId: "neighbour" })).rejects.toMatchObject({
        code: 5,
      });
      expect((await bench.signIn(device)).connected).toBe(true);
    });

    test.for(["", "exclusive_thing", "EXCLUSIVE", "EXCLUSIVE_THING "])(
      "are not attached as %j",
      async (type) => {
        const { certificateArn: principal } = await bench.register("misspelt", { things: [] });
        const path = `/things/misspelt/principals?thingPrincipalType=${encodeURIComponent(type)}`;

        const answer = await plain("PUT", path, "", { "x-amzn-principal": principal });

        expect(answer.status).toBe(400);
        expect(await thingsOf(principal)).toEqual([]);
      },
    );

    test("are told by type to nobody: the lists of version 2 are not imitated", async () => {
      const answers = [
        await plain("GET", "/things/t/principals-v2"),
        await plain("GET", "/principals/things-v2"),
      ];

      expect(answers.map(({ status }) => status)).toEqual([501, 501]);
      expect(answers.map(({ body }) => body.toString())).toEqual([
        containing("ListThingPrincipalsV2"),
        containing("ListPrincipalThingsV2"),
      ]);
    });
  });

  test("are not attached to a principal that is missing or is no certificate", async () => {
    const answers = [
      await plain("PUT", "/things/described/principals"),
      await plain("PUT", "/things/described/principals", "", {
        "x-amzn-principal": `${ACCOUNT}:cert/*`,
      }),
      await plain("PUT", "/things/a%20b/principals", "", { "x-amzn-principal": UNKNOWN_ARN }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  });
});

test("DescribeEndpoint tells the TLS port where there is one", async () => {
  const endpoint = await bench.control.send(
    new DescribeEndpointCommand({ endpointType: "iot:Data-ATS" }),
  );

  expect(endpoint.endpointAddress).toBe(`localhost:${bench.tlsPort}`);
});

describe("permissions", () => {
  const cert = `cert/${UNKNOWN_ID}`;
  test.for([
    ["POST", "/certificates", "iot:CreateCertificateFromCsr", "*"],
    ["POST", "/keys-and-certificate", "iot:CreateKeysAndCertificate", "*"],
    ["GET", `/certificates/${UNKNOWN_ID}`, "iot:DescribeCertificate", `${ACCOUNT}:${cert}`],
    ["PUT", `/certificates/${UNKNOWN_ID}`, "iot:UpdateCertificate", `${ACCOUNT}:${cert}`],
    ["DELETE", `/certificates/${UNKNOWN_ID}`, "iot:DeleteCertificate", `${ACCOUNT}:${cert}`],
    ["PUT", "/target-policies/P", "iot:AttachPolicy", `${ACCOUNT}:${cert}`],
    ["POST", "/target-policies/P", "iot:DetachPolicy", `${ACCOUNT}:${cert}`],
    [
      "POST",
      `/attached-policies/${encodeURIComponent(UNKNOWN_ARN)}`,
      "iot:ListAttachedPolicies",
      "*",
    ],
    ["POST", "/policy-targets/P", "iot:ListTargetsForPolicy", `${ACCOUNT}:policy/P`],
    ["PUT", "/things/t/principals", "iot:AttachThingPrincipal", "*"],
    ["DELETE", "/things/t/principals", "iot:DetachThingPrincipal", "*"],
    ["GET", "/things/t/principals", "iot:ListThingPrincipals", "*"],
  ] as const)("%s %s needs %s", async ([method, path, action, resource]) => {
    const target = { target: UNKNOWN_ARN };

    await plain(method, path, JSON.stringify(target));

    expect(bench.permissions.at(-1)).toEqual({ action, resource });
  });

  test("that are missing change nothing", async () => {
    const device = await bench.register("untouched");
    for (const action of ["UpdateCertificate", "DetachPolicy", "DetachThingPrincipal"]) {
      withheld.add(`iot:${action}`);
    }
    cleanUp.push(() => withheld.clear());
    const { certificateArn, certificateId, thing: thingName } = device;
    const denied = { name: "AccessDeniedException" };

    await expect(setStatus(certificateId, "INACTIVE")).rejects.toMatchObject(denied);
    await expect(
      bench.control.send(
        new DetachPolicyCommand({ policyName: "SmarthomeDevice", target: certificateArn }),
      ),
    ).rejects.toMatchObject(denied);
    await expect(
      bench.control.send(new DetachThingPrincipalCommand({ thingName, principal: certificateArn })),
    ).rejects.toMatchObject(denied);

    expect(await describeOf(certificateId)).toMatchObject({ status: "ACTIVE" });
    expect(await attachedPolicies(certificateArn)).toHaveLength(1);
    expect(await principalsOf(thingName)).toEqual([certificateArn]);
  });
});

describe.skipIf(awsCliPath === undefined)("Debian's AWS CLI (needs awscli)", () => {
  test("registers a device, which then connects", { timeout: 90_000 }, async () => {
    const { requestPem, privateKeyPem: key } = await makeDeviceKey("by_cli");
    const csr = join(bench.folder, "by_cli.csr");
    writeFileSync(csr, requestPem);
    const iot = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
      const target = { endpoint: bench.endpoint, credentials: CREDENTIALS };
      const { code, stdout, stderr } = await runAwsCli(target, ["iot", ...args]);
      if (code !== 0) throw new Error(stderr);
      return stdout.trim() === "" ? {} : parsed(stdout);
    };

    const [made] = await Promise.all([
      iot(
        ...["create-certificate-from-csr", "--set-as-active"],
        ...["--certificate-signing-request", `file://${csr}`],
      ),
      iot("create-thing", "--thing-name", "by_cli"),
    ]);
    const arn = String(made.certificateArn);
    await Promise.all([
      iot("attach-policy", "--policy-name", "SmarthomeDevice", "--target", arn),
      iot("attach-thing-principal", "--thing-name", "by_cli", "--principal", arn),
    ]);
    const [described, policies, unknown] = await Promise.all([
      iot("describe-certificate", "--certificate-id", String(made.certificateId)),
      iot("list-attached-policies", "--target", arn),
      iot("describe-certificate", "--certificate-id", UNKNOWN_ID).catch(String),
    ]);
    const client = await bench.signIn({ thing: "by_cli", key, cert: String(made.certificatePem) });

    expect(described).toMatchObject({ certificateDescription: { status: "ACTIVE" } });
    expect(policies).toMatchObject({ policies: [{ policyName: "SmarthomeDevice" }] });
    expect(unknown).toContain("(ResourceNotFoundException)");
    expect(client.connected).toBe(true);
  });
});
