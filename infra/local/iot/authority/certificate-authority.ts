// @peculiar/x509 asks for this polyfill: the container inside it reads metadata of classes.
import "reflect-metadata";
import { createHash, KeyObject, type webcrypto, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  type PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { writeFileAtomically } from "#local/wire/data-directory.ts";
import { unusable } from "#local/wire/unusable-file.ts";

/** Where the authority is kept: its private key (mode 600), and its own certificate, which devices are given. */
export interface AuthorityFiles {
  readonly key: string;
  readonly certificate: string;
}

/** A certificate that was issued. */
export interface IssuedCertificate {
  /** SHA-256 of the certificate's DER in hexadecimal. */
  readonly id: string;
  readonly pem: string;
}

/** Why a request for a certificate is not met. */
export interface RequestFault {
  readonly fault: string;
}

/** The local certificate authority: what Amazon's root and AWS IoT's issuer are on AWS. */
export interface CertificateAuthority {
  readonly certificatePem: string;
  /** Certifies the key of a certificate signing request in PEM. */
  certify(request: string): Promise<IssuedCertificate | RequestFault>;
  /** A key pair and a certificate for it. */
  certifyNewKeys(): Promise<
    IssuedCertificate & { readonly publicKeyPem: string; readonly privateKeyPem: string }
  >;
  /** Key and certificate of a server that answers to these names. */
  serverCredentials(
    names: readonly string[],
    addresses: readonly string[],
  ): Promise<{ readonly key: string; readonly cert: string }>;
}

// What every TLS stack of a small device has.
const ELLIPTIC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
// CreateKeysAndCertificate gives 2048-bit RSA keys.
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
} as const;
const ISSUER = "CN=Local AWS IoT root CA";
const SUBJECT = "CN=AWS IoT Certificate";
// AWS's own device certificates end then.
const NOT_AFTER = new Date("2049-12-31T23:59:59Z");
// A device without a clock of its own starts up in the past; its certificate should be good there too.
const NOT_BEFORE_MS = 24 * 3600 * 1000;
// Said on both sides, so that no device can pass itself off as the endpoint: some clients look at the subject's name only.
const FOR_CLIENTS = new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]);
const FOR_SERVERS = new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]);

/**
 * Opens the authority, or makes one.
 * @throws LocalError `DataDamaged` when its files are not what they should be
 */
export const openCertificateAuthority = async (
  files: AuthorityFiles,
): Promise<CertificateAuthority> => {
  if (existsSync(files.certificate) && !existsSync(files.key)) {
    throw unusable(files.key, new Error(`it is missing, and ${files.certificate} is of that key`));
  }
  const keys = await openKeys(files.key);
  const certificatePem = await openCertificate(files.certificate, keys);

  const issue = async (
    subject: string,
    publicKey: PublicKey | webcrypto.CryptoKey,
    extensions: readonly Extension[],
  ): Promise<IssuedCertificate> => {
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: ISSUER,
      notBefore: new Date(Date.now() - NOT_BEFORE_MS),
      notAfter: NOT_AFTER,
      signingAlgorithm: ELLIPTIC,
      signingKey: keys.privateKey,
      publicKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        // Who checks by RFC 5280 to the letter, as Python 3.13 does, wants both (section 4.2.1).
        await AuthorityKeyIdentifierExtension.create(keys.publicKey),
        await SubjectKeyIdentifierExtension.create(publicKey),
        ...extensions,
      ],
    });
    return {
      id: createHash("sha256").update(Buffer.from(certificate.rawData)).digest("hex"),
      pem: `${certificate.toString("pem")}\n`,
    };
  };

  return {
    certificatePem,
    certify: async (pem) => {
      const request = await readRequest(pem);
      if (request === undefined) {
        return { fault: "it is not a PEM-encoded PKCS #10 request signed with its own key" };
      }
      const fault = keyFault(request.publicKey);
      return fault === undefined
        ? issue(request.subject || SUBJECT, request.publicKey, [FOR_CLIENTS])
        : { fault };
    },
    certifyNewKeys: async () => {
      const pair = await crypto.subtle.generateKey(RSA, true, ["sign", "verify"]);
      return {
        ...(await issue(SUBJECT, pair.publicKey, [FOR_CLIENTS])),
        publicKeyPem: KeyObject.from(pair.publicKey)
          .export({ type: "spki", format: "pem" })
          .toString(),
        privateKeyPem: KeyObject.from(pair.privateKey)
          .export({ type: "pkcs1", format: "pem" })
          .toString(),
      };
    },
    serverCredentials: async (names, addresses) => {
      const pair = await crypto.subtle.generateKey(ELLIPTIC, true, ["sign", "verify"]);
      const { pem } = await issue("CN=Local AWS IoT endpoint", pair.publicKey, [
        FOR_SERVERS,
        new SubjectAlternativeNameExtension([
          ...names.map((value) => ({ type: "dns" as const, value })),
          ...addresses.map((value) => ({ type: "ip" as const, value })),
        ]),
      ]);
      return { key: privateKeyPem(pair.privateKey), cert: pem };
    },
  };
};

const privateKeyPem = (key: webcrypto.CryptoKey): string =>
  KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();

const openKeys = async (file: string): Promise<webcrypto.CryptoKeyPair> => {
  if (!existsSync(file)) {
    const pair = await crypto.subtle.generateKey(ELLIPTIC, true, ["sign", "verify"]);
    writeFileAtomically(file, privateKeyPem(pair.privateKey));
    return pair;
  }
  try {
    const [pkcs8] = PemConverter.decode(readFileSync(file, "utf8"));
    if (pkcs8 === undefined) throw new Error("no PEM block");
    const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, ELLIPTIC, true, ["sign"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", privateKey);
    const publicKey = await crypto.subtle.importKey(
      "jwk",
      { kty, crv, x, y } as webcrypto.JsonWebKey,
      ELLIPTIC,
      true,
      ["verify"],
    );
    return { privateKey, publicKey };
  } catch (cause) {
    throw unusable(file, cause);
  }
};

const openCertificate = async (file: string, keys: webcrypto.CryptoKeyPair): Promise<string> => {
  if (!existsSync(file)) {
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: ISSUER,
      notBefore: new Date(Date.now() - NOT_BEFORE_MS),
      notAfter: NOT_AFTER,
      signingAlgorithm: ELLIPTIC,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    writeFileAtomically(file, `${certificate.toString("pem")}\n`);
  }
  const pem = readFileSync(file, "utf8");
  try {
    const certificate = new X509Certificate(pem);
    const isOfKey = certificate.checkPrivateKey(KeyObject.from(keys.privateKey));
    // A certificate that was issued with the key, a device's, is signed by it too.
    if (!isOfKey || !certificate.verify(KeyObject.from(keys.publicKey))) {
      throw new Error("it is not of the key beside it");
    }
    return pem;
  } catch (cause) {
    throw unusable(file, cause);
  }
};

const readRequest = async (pem: string): Promise<Pkcs10CertificateRequest | undefined> => {
  try {
    const request = new Pkcs10CertificateRequest(pem);
    return (await request.verify()) ? request : undefined;
  } catch {
    return undefined;
  }
};

// https://docs.aws.amazon.com/iot/latest/apireference/API_CreateCertificateFromCsr.html
const keyFault = ({ algorithm }: PublicKey): string | undefined => {
  const {
    name,
    modulusLength = 0,
    namedCurve = "",
  } = algorithm as {
    readonly name: string;
    readonly modulusLength?: number;
    readonly namedCurve?: string;
  };
  if (name.startsWith("RSA") && modulusLength >= 2048) return undefined;
  if (name === "ECDSA" && ["P-256", "P-384", "P-521"].includes(namedCurve)) return undefined;
  return "its key is neither RSA of at least 2048 bits nor on one of the curves P-256, P-384 and P-521";
};
