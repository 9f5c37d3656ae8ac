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
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreateKeysAndCertificateCommand,
  CreateThingCommand,
} from "@aws-sdk/client-iot";
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from "@peculiar/x509";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeDeviceKey } from "../../../../scripts/devices/device-key.ts";
import { matching } from "../matchers.ts";
import { bench, describeOf, INVALID, plain, startRegistryBench } from "../registry-bench.ts";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

beforeAll(() => startRegistryBench());
afterAll(() => bench.close());

const certify = (certificateSigningRequest: string, setAsActive?: boolean) =>
  bench.control.send(
    new CreateCertificateFromCsrCommand({
      certificateSigningRequest,
      ...(setAsActive === undefined ? {} : { setAsActive }),
    }),
  );

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
