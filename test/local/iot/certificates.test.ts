// @peculiar/x509 asks for this polyfill: the container inside it reads metadata of classes.
import "reflect-metadata";
import { execFileSync } from "node:child_process";
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type webcrypto,
  X509Certificate,
} from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  type CertificateStatus,
  CreateCertificateFromCsrCommand,
  CreateKeysAndCertificateCommand,
  CreateThingCommand,
  DeleteCertificateCommand,
  DeleteThingCommand,
  DescribeCertificateCommand,
  DescribeEndpointCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  ListAttachedPoliciesCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
} from "@aws-sdk/client-iot";
import { GetThingShadowCommand } from "@aws-sdk/client-iot-data-plane";
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from "@peculiar/x509";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callAws } from "#local/aws-call.ts";
import { startIot } from "#local/iot/iot.ts";
import { makeDeviceKey } from "../../../scripts/support/device-key.ts";
import { awsCliPath, runAwsCli } from "../aws-cli.ts";
import { DEVICE_POLICY } from "./device-policy.ts";
import { containing, matching } from "./matchers.ts";
import { type Device, type SecureBench, startSecureBench } from "./secure-bench.ts";
import { parsed, scratchDirectory } from "./support.ts";

const ACCOUNT = "arn:aws:iot:us-east-1:000000000000";
const UNKNOWN_ID = "0".repeat(64);
const UNKNOWN_ARN = `${ACCOUNT}:cert/${UNKNOWN_ID}`;
const CREDENTIALS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

let bench: SecureBench;
/** Permissions that the caller lacks for the moment. */
const withheld = new Set<string>();
beforeAll(async () => {
  bench = await startSecureBench({ allows: ({ action }) => !withheld.has(action) });
});
afterAll(() => bench.close());

/** A request as it goes over the wire, for what no SDK would send. */
const plain = (
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body = "",
  headers: Readonly<Record<string, string>> = {},
) =>
  callAws(
    { endpoint: bench.endpoint, region: "us-east-1", credentials: CREDENTIALS },
    { service: "iot", method, path, body, headers },
  );

const refused = (name: string, httpStatusCode: number) => ({ name, $metadata: { httpStatusCode } });
const INVALID = refused("InvalidRequestException", 400);
const NOT_FOUND = refused("ResourceNotFoundException", 404);

const certify = (certificateSigningRequest: string, setAsActive?: boolean) =>
  bench.control.send(
    new CreateCertificateFromCsrCommand({
      certificateSigningRequest,
      ...(setAsActive === undefined ? {} : { setAsActive }),
    }),
  );
const describeOf = async (certificateId: string | undefined) =>
  (await bench.control.send(new DescribeCertificateCommand({ certificateId })))
    .certificateDescription;
const setStatus = (certificateId: string | undefined, newStatus: CertificateStatus) =>
  bench.control.send(new UpdateCertificateCommand({ certificateId, newStatus }));
const attachedPolicies = async (target: string) =>
  (await bench.control.send(new ListAttachedPoliciesCommand({ target }))).policies;
const principalsOf = async (thingName: string) =>
  (await bench.control.send(new ListThingPrincipalsCommand({ thingName }))).principals;

type Algorithm = webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams;
const keysOf = (algorithm: Algorithm): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
const rsa = (modulusLength: number) => ({
  name: "RSASSA-PKCS1-v1_5",
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
});
const elliptic = (namedCurve: string) => ({ name: "ECDSA", namedCurve, hash: "SHA-256" });

/** A certificate signing request in PEM. */
const request = async (
  algorithm: Algorithm,
  more: {
    readonly name?: string;
    readonly names?: readonly string[];
    readonly signedBy?: webcrypto.CryptoKey;
  } = {},
): Promise<string> => {
  const { publicKey, privateKey } = await keysOf(algorithm);
  const made = await Pkcs10CertificateRequestGenerator.create({
    name: more.name ?? "CN=device",
    keys: { publicKey, privateKey: more.signedBy ?? privateKey },
    signingAlgorithm: algorithm,
    extensions: [
      new SubjectAlternativeNameExtension(
        (more.names ?? []).map((value) => ({ type: "dns" as const, value })),
      ),
    ],
  });
  return made.toString("pem");
};

describe("CreateCertificateFromCsr", () => {
  test("certifies a key that it never saw: the id is the SHA-256 of the certificate", async () => {
    const { requestPem, privateKeyPem } = await makeDeviceKey("hall_lamp");

    const made = await certify(requestPem);

    const certificate = new X509Certificate(made.certificatePem ?? "");
    const id = createHash("sha256").update(certificate.raw).digest("hex");
    expect(made).toMatchObject({
      certificateId: id,
      certificateArn: `arn:aws:iot:us-east-1:000000000000:cert/${id}`,
      certificatePem: matching(
        /^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----\n$/,
      ),
    });
    expect(certificate.subject).toBe("CN=hall_lamp");
    expect(certificate.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
    expect(certificate.verify(new X509Certificate(bench.rootCertificate).publicKey)).toBe(true);
    expect(await describeOf(id)).toMatchObject({ status: "INACTIVE" });
  });

  test("makes it active where that is asked for, and another one each time", async () => {
    const { requestPem } = await makeDeviceKey("twice");

    const [first, second] = [await certify(requestPem, true), await certify(requestPem, true)];

    expect(first.certificateId).not.toBe(second.certificateId);
    expect(await describeOf(first.certificateId)).toMatchObject({ status: "ACTIVE" });
    expect(await describeOf(second.certificateId)).toMatchObject({ status: "ACTIVE" });
  });

  test.for([
    ["RSA of 2048 bits", rsa(2048)],
    ["P-256", elliptic("P-256")],
    ["P-384", elliptic("P-384")],
    ["P-521", elliptic("P-521")],
  ] as const)("takes a key of %s", async ([, algorithm]) => {
    const made = await certify(await request(algorithm));

    expect(made.certificateId).toMatch(/^[0-9a-f]{64}$/);
  });

  test.for<[string, () => Promise<string>]>([
    ["nothing", async () => ""],
    ["text", async () => "give me a certificate"],
    [
      "an empty PEM",
      async () => "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n",
    ],
    ["a certificate", async () => bench.rootCertificate],
    ["a private key", async () => (await makeDeviceKey("x")).privateKeyPem],
    [
      "a request of which a line is missing",
      async () => (await makeDeviceKey("x")).requestPem.split("\n").toSpliced(2, 1).join("\n"),
    ],
    [
      "a request that is signed with another key",
      async () => {
        const { privateKey } = await keysOf(elliptic("P-256"));
        return request(elliptic("P-256"), { signedBy: privateKey });
      },
    ],
    ["a key of RSA 1024", () => request(rsa(1024))],
    [
      "a key of Ed25519",
      async () => request({ name: "Ed25519", namedCurve: "Ed25519" } as webcrypto.EcKeyGenParams),
    ],
  ])("refuses %s", async ([, make]) => {
    await expect(certify(await make())).rejects.toMatchObject(INVALID);
  });

  test.for([
    ["a body that is no JSON", "/certificates", "{", 400],
    ["a body that is a list", "/certificates", "[]", 400],
    ["a request that is no text", "/certificates", '{"certificateSigningRequest":{"x":1}}', 400],
    ["setAsActive=maybe", "/certificates?setAsActive=maybe", "{}", 400],
  ] as const)("refuses %s", async ([, path, body, status]) => {
    const answer = await plain("POST", path, body);

    expect(answer.status).toBe(status);
  });

  test("gives what a client needs, and nothing of what the request asks for beside it", async () => {
    const asked = await request(elliptic("P-256"), {
      name: "CN=localhost",
      names: ["localhost", "example.com"],
    });

    const { certificatePem = "" } = await certify(asked);

    const certificate = new X509Certificate(certificatePem);
    expect(certificate.ca).toBe(false);
    // clientAuth
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(certificate.subjectAltName).toBeUndefined();
    expect(certificate.validTo).toBe("Dec 31 23:59:59 2049 GMT");
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now() - 3_600_000);
  });

  test("gives nothing that could pass for the endpoint, whatever the subject", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const keys = {
      publicKey: await crypto.subtle.importKey(
        "spki",
        publicKey.export({ type: "spki", format: "der" }),
        elliptic("P-256"),
        true,
        ["verify"],
      ),
      privateKey: await crypto.subtle.importKey(
        "pkcs8",
        privateKey.export({ type: "pkcs8", format: "der" }),
        elliptic("P-256"),
        true,
        ["sign"],
      ),
    };
    const asked = await Pkcs10CertificateRequestGenerator.create({
      name: "CN=localhost",
      keys,
      signingAlgorithm: elliptic("P-256"),
    });
    const { certificatePem: cert = "" } = await certify(asked.toString("pem"), true);
    const impostor = createTlsServer({
      key: privateKey.export({ type: "pkcs8", format: "pem" }),
      cert,
    });
    impostor.listen(0, "127.0.0.1");
    await once(impostor, "listening");
    cleanUp.push(() => void impostor.close());

    const client = connectTls({
      host: "127.0.0.1",
      port: (impostor.address() as AddressInfo).port,
      servername: "localhost",
      ca: bench.rootCertificate,
    });

    await expect(once(client, "secureConnect")).rejects.toMatchObject({ code: "INVALID_PURPOSE" });
  });
});

const openssl = ["/usr/bin/openssl"].find((path) => existsSync(path));

describe.skipIf(openssl === undefined)("openssl (needs Debian's openssl)", () => {
  const run = (...args: readonly string[]): string =>
    execFileSync(openssl ?? "openssl", [...args], { encoding: "utf8", stdio: "pipe" });
  const written = (name: string, text: string): string => {
    const file = join(bench.folder, name);
    writeFileSync(file, text);
    return file;
  };

  test("makes a key and a request, and finds the certificate in order, by RFC 5280 to the letter", async () => {
    const [key, csr] = [join(bench.folder, "made.key"), join(bench.folder, "made.csr")];
    run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key);
    run("req", "-new", "-key", key, "-subj", "/CN=made", "-out", csr);

    const { certificatePem = "" } = await certify(readFileSync(csr, "utf8"));

    const file = written("made.pem", certificatePem);
    const verified = run(
      ...["verify", "-x509_strict", "-purpose", "sslclient"],
      ...["-CAfile", bench.rootCertificateFile, file],
    );
    expect(verified).toBe(`${file}: OK\n`);
    const text = run("x509", "-in", file, "-noout", "-text");
    expect(text).toContain("TLS Web Client Authentication");
    expect(text).not.toContain("TLS Web Server Authentication");
    expect(text).toContain("CA:FALSE");
    expect(() =>
      run("verify", "-purpose", "sslserver", "-CAfile", bench.rootCertificateFile, file),
    ).toThrow("unsuitable certificate purpose");
  });

  test("finds the endpoint's certificate in order too, and no good for a client", async () => {
    const socket = await bench.secureSocket(await bench.register("looks"));
    const certificate = socket.getPeerX509Certificate()?.toString() ?? "";
    socket.destroy();

    const file = written("endpoint.pem", certificate);

    const verified = run(
      ...["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost"],
      ...["-CAfile", bench.rootCertificateFile, file],
    );
    expect(verified).toBe(`${file}: OK\n`);
    expect(() =>
      run("verify", "-purpose", "sslclient", "-CAfile", bench.rootCertificateFile, file),
    ).toThrow("unsuitable certificate purpose");
  });

  test("makes a request on a curve that AWS does not take, which is refused", async () => {
    const [key, csr] = [join(bench.folder, "koblitz.key"), join(bench.folder, "koblitz.csr")];
    run("ecparam", "-name", "secp256k1", "-genkey", "-noout", "-out", key);
    run("req", "-new", "-key", key, "-subj", "/CN=koblitz", "-out", csr);

    await expect(certify(readFileSync(csr, "utf8"))).rejects.toMatchObject(INVALID);
  });
});

describe("CreateKeysAndCertificate", () => {
  test("gives a key that signs for the certificate, and keeps it nowhere", async () => {
    const made = await bench.control.send(
      new CreateKeysAndCertificateCommand({ setAsActive: true }),
    );

    const certificate = new X509Certificate(made.certificatePem ?? "");
    const { PrivateKey = "", PublicKey = "" } = made.keyPair ?? {};
    expect(certificate.checkPrivateKey(createPrivateKey(PrivateKey))).toBe(true);
    expect(certificate.publicKey.export({ type: "spki", format: "pem" })).toBe(PublicKey);
    expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
    expect(PrivateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    expect(certificate.subject).toBe("CN=AWS IoT Certificate");
    expect(await describeOf(made.certificateId)).toMatchObject({ status: "ACTIVE" });
    const secret = PrivateKey.split("\n")[5] ?? "";
    expect(secret).toHaveLength(64);
    expect(bench.log.join("\n")).not.toContain(secret);
    for (const file of readdirSync(bench.folder)) {
      expect(readFileSync(join(bench.folder, file), "latin1")).not.toContain(secret);
    }
  });

  test("is enough to connect with", async () => {
    const { certificatePem, certificateArn, keyPair } = await bench.control.send(
      new CreateKeysAndCertificateCommand({ setAsActive: true }),
    );
    const principal = certificateArn ?? "";
    await bench.control.send(new CreateThingCommand({ thingName: "with_rsa" }));
    await bench.control.send(
      new AttachPolicyCommand({ policyName: "SmarthomeDevice", target: principal }),
    );
    await bench.control.send(new AttachThingPrincipalCommand({ thingName: "with_rsa", principal }));

    const client = await bench.signIn({
      thing: "with_rsa",
      cert: certificatePem ?? "",
      key: keyPair?.PrivateKey ?? "",
    });

    expect(client.connected).toBe(true);
  });
});

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
    const rest = await principalsOf(thingName);
    await expect(remove()).rejects.toMatchObject(INVALID);
    await detach(other.certificateArn);
    await remove();

    expect(both?.toSorted()).toEqual([one.certificateArn, other.certificateArn].toSorted());
    expect(rest).toEqual([other.certificateArn]);
    await expect(principalsOf(thingName)).rejects.toMatchObject(NOT_FOUND);
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

  test("are not attached exclusively, which is not imitated", async () => {
    const { certificateArn: principal } = await bench.register("exclusive", { things: [] });
    const attach = (thingPrincipalType: "EXCLUSIVE_THING" | "NON_EXCLUSIVE_THING") =>
      bench.control.send(
        new AttachThingPrincipalCommand({ thingName: "exclusive", principal, thingPrincipalType }),
      );

    await expect(attach("EXCLUSIVE_THING")).rejects.toMatchObject(INVALID);
    expect(await principalsOf("exclusive")).toEqual([]);
    await attach("NON_EXCLUSIVE_THING");
    expect(await principalsOf("exclusive")).toEqual([principal]);
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

describe("on disk", () => {
  const scratchFiles = () => {
    const scratch = scratchDirectory();
    cleanUp.push(scratch.remove);
    const authority = {
      key: join(scratch.path, "root-ca.key"),
      certificate: join(scratch.path, "root-ca.pem"),
    };
    return { folder: scratch.path, file: join(scratch.path, "iot.sqlite"), authority };
  };

  test("certificates, and what is attached to them, survive a restart, as the authority does", async () => {
    const { file, authority } = scratchFiles();
    const first = await startSecureBench({ file, authority });
    const device = await first.register("lasting");
    const withdrawn = await first.register("withdrawn");
    await first.control.send(
      new UpdateCertificateCommand({
        certificateId: withdrawn.certificateId,
        newStatus: "REVOKED",
      }),
    );
    await first.close();

    const second = await startSecureBench({ file, authority });
    cleanUp.push(second.close);
    const client = await second.signIn(device, { ca: first.rootCertificate });

    expect(client.connected).toBe(true);
    await expect(second.signIn(withdrawn)).rejects.toMatchObject({ code: 5 });
    const { principals } = await second.control.send(
      new ListThingPrincipalsCommand({ thingName: "lasting" }),
    );
    expect(principals).toEqual([device.certificateArn]);
  });

  test("the authority's files are its owner's alone", async () => {
    const { authority } = scratchFiles();

    const core = await startSecureBench({ authority });
    cleanUp.push(core.close);

    expect(statSync(authority.key).mode & 0o777).toBe(0o600);
    expect(statSync(authority.certificate).mode & 0o777).toBe(0o600);
    expect(readFileSync(authority.certificate, "utf8")).not.toContain("PRIVATE KEY");
  });

  /** Starts a core with its TLS port on these files, and ends it. */
  const startOn = async (files: ReturnType<typeof scratchFiles>): Promise<void> => {
    const core = await startIot({
      ...files,
      mqtt: { kind: "embedded", port: 0, tls: { port: 0, host: "127.0.0.1" } },
      region: "us-east-1",
      accountId: "000000000000",
      access: () => {
        throw new Error("not asked");
      },
      rules: [],
      policies: [{ name: "SmarthomeDevice", document: DEVICE_POLICY }],
    });
    await core.close();
  };

  test("the authority is made when it is first needed, and is then the same", async () => {
    const files = scratchFiles();
    const without = await startIot({
      ...files,
      mqtt: { kind: "embedded", port: 0 },
      region: "us-east-1",
      accountId: "000000000000",
      access: () => {
        throw new Error("not asked");
      },
      rules: [],
    });
    await without.close();
    const before = readdirSync(files.folder).filter((name) => name.startsWith("root-ca"));

    await startOn(files);
    const [key, certificate] = [
      readFileSync(files.authority.key, "utf8"),
      readFileSync(files.authority.certificate, "utf8"),
    ];
    await startOn(files);

    expect(before).toEqual([]);
    expect(readFileSync(files.authority.key, "utf8")).toBe(key);
    expect(readFileSync(files.authority.certificate, "utf8")).toBe(certificate);
    expect(new X509Certificate(certificate).ca).toBe(true);
  });

  const otherKey = (namedCurve: string): string =>
    generateKeyPairSync("ec", { namedCurve })
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString();

  test.for<[string, "key" | "certificate", (text: string) => Promise<string> | string]>([
    ["a key that is text", "key", () => "this is not a key"],
    ["an empty key", "key", () => ""],
    ["a key that is cut off", "key", (text) => text.slice(0, 80)],
    ["a key on another curve", "key", () => otherKey("P-384")],
    ["a certificate that is text", "certificate", () => "this is not a certificate"],
    ["an empty certificate", "certificate", () => ""],
    ["a certificate that is cut off", "certificate", (text) => text.slice(0, 200)],
    ["another authority's certificate", "certificate", () => bench.rootCertificate],
  ])("%s is one clear error, and the file stays as it is", async ([, which, damage]) => {
    const files = scratchFiles();
    await startOn(files);
    const file = files.authority[which];
    const damaged = await damage(readFileSync(file, "utf8"));
    writeFileSync(file, damaged);

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataDamaged",
      message: containing(file),
    });

    expect(readFileSync(file, "utf8")).toBe(damaged);
  });

  test("another key than the certificate's is one clear error", async () => {
    const files = scratchFiles();
    await startOn(files);
    const key = otherKey("P-256");
    writeFileSync(files.authority.key, key);

    await expect(startOn(files)).rejects.toMatchObject({ code: "DataDamaged" });

    expect(readFileSync(files.authority.key, "utf8")).toBe(key);
  });

  test("a device's certificate in the authority's place is one clear error", async () => {
    const files = scratchFiles();
    const core = await startSecureBench(files);
    const { cert } = await core.register("usurper");
    await core.close();
    writeFileSync(files.authority.certificate, cert);

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataDamaged",
      message: containing(files.authority.certificate),
    });
  });

  test("both files missing while devices have certificates is one clear error, and no other authority is made", async () => {
    const files = scratchFiles();
    const core = await startSecureBench(files);
    await core.register("orphan");
    await core.close();
    unlinkSync(files.authority.key);
    unlinkSync(files.authority.certificate);

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataDamaged",
      message: containing(files.authority.key),
    });

    expect(existsSync(files.authority.key)).toBe(false);
  });

  test("a key that is missing beside its certificate is one clear error, and no other is made", async () => {
    const files = scratchFiles();
    await startOn(files);
    unlinkSync(files.authority.key);

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataDamaged",
      message: containing(files.authority.key),
    });

    expect(existsSync(files.authority.key)).toBe(false);
  });

  test("a certificate that is missing beside its key is made again, and devices go on", async () => {
    const files = scratchFiles();
    const first = await startSecureBench(files);
    const device = await first.register("patient");
    await first.close();
    unlinkSync(files.authority.certificate);

    const second = await startSecureBench(files);
    cleanUp.push(second.close);
    const client = await second.signIn(device, { ca: first.rootCertificate });

    expect(client.connected).toBe(true);
  });

  // As the first version of this stack wrote it.
  const FIRST_SCHEMA = `
    CREATE TABLE shadow (
      thing TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, deleted_at INTEGER, document TEXT,
      PRIMARY KEY (thing, name)
    );
    CREATE TABLE retained (
      topic TEXT PRIMARY KEY, payload BLOB NOT NULL, qos INTEGER NOT NULL, modified_ms INTEGER NOT NULL
    );
    CREATE TABLE rule_job (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, payload BLOB NOT NULL);
    CREATE TABLE thing (name TEXT PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, attributes TEXT NOT NULL);
    PRAGMA user_version = 1;
  `;
  const withDatabase = (file: string, act: (database: DatabaseSync) => void): void => {
    const database = new DatabaseSync(file);
    try {
      act(database);
    } finally {
      database.close();
    }
  };

  test("a file of the first version is brought up to date and keeps its shadows and things", async () => {
    const files = scratchFiles();
    withDatabase(files.file, (database) => {
      database.exec(FIRST_SCHEMA);
      database
        .prepare("INSERT INTO shadow VALUES ('old_lamp', '', 7, NULL, ?)")
        .run('{"state":{"reported":{"on":true}},"metadata":{"reported":{"on":{"timestamp":1}}}}');
      database.exec("INSERT INTO thing VALUES ('old_lamp', 'an-id', 1, '{}')");
    });

    const core = await startSecureBench(files);
    cleanUp.push(core.close);
    const shadow = await core.dataPlane.send(new GetThingShadowCommand({ thingName: "old_lamp" }));
    const device = await core.register("old_lamp");
    const client = await core.signIn(device);

    expect(parsed(Buffer.from(shadow.payload ?? []).toString())).toMatchObject({
      state: { reported: { on: true } },
      version: 7,
    });
    expect(client.connected).toBe(true);
    await core.close();
    await startOn(files);
    withDatabase(files.file, (database) => {
      expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
    });
  });

  test("a file that cannot be brought up to date is one clear error, and stays as it is", async () => {
    const files = scratchFiles();
    withDatabase(files.file, (database) => {
      database.exec(FIRST_SCHEMA);
      database.exec("CREATE TABLE certificate_policy (somebody_else TEXT)");
    });

    await expect(startOn(files)).rejects.toMatchObject({ code: "DataDamaged" });

    withDatabase(files.file, (database) => {
      const tables = database.prepare("SELECT name FROM sqlite_master WHERE name LIKE 'cert%'");
      expect(tables.all()).toEqual([{ name: "certificate_policy" }]);
      expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
    });
  });

  test("a file of a newer version is refused in one line that names it", async () => {
    const files = scratchFiles();
    withDatabase(files.file, (database) => {
      database.exec(`${FIRST_SCHEMA} PRAGMA user_version = 3`);
    });

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataDamaged",
      message: matching(/^[^\n]*iot\.sqlite[^\n]*$/),
    });
  });
});
