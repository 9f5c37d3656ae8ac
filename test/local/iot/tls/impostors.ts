// @peculiar/x509 asks for this polyfill: the container inside it reads metadata of classes.
import "reflect-metadata";
import { createPrivateKey, KeyObject } from "node:crypto";
import { join } from "node:path";
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { openCertificateAuthority } from "#local/iot/authority/certificate-authority.ts";
import { makeDeviceKey } from "../../../../scripts/devices/device-key.ts";
import { scratchDirectory } from "../support.ts";
import type { Device } from "./secure-bench.ts";

/** What somebody shows who is not the device. */
type Impostor = Pick<Device, "thing" | "key" | "cert">;

const PKCS8 = { type: "pkcs8", format: "pem" } as const;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A certificate of an authority with the same name, for the same subject; and that authority's own. */
export const foreignCertificate = async (
  thing: string,
): Promise<Impostor & { readonly authority: string }> => {
  const scratch = scratchDirectory();
  try {
    const authority = await openCertificateAuthority({
      key: join(scratch.path, "key"),
      certificate: join(scratch.path, "pem"),
    });
    const { privateKeyPem: key, requestPem } = await makeDeviceKey(thing);
    const issued = await authority.certify(requestPem);
    if ("fault" in issued) throw new Error(issued.fault);
    return { thing, key, cert: issued.pem, authority: authority.certificatePem };
  } finally {
    scratch.remove();
  }
};

/** A certificate that is its own issuer, or one that a device issued with its own. */
export const signedWith = async (thing: string, issuer?: Device): Promise<Impostor> => {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const key = KeyObject.from(keys.privateKey).export(PKCS8).toString();
  const signingKey = await crypto.subtle.importKey(
    "pkcs8",
    createPrivateKey(issuer?.key ?? key).export({ type: "pkcs8", format: "der" }),
    ALGORITHM,
    true,
    ["sign"],
  );
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${thing}`,
    issuer: `CN=${issuer?.thing ?? thing}`,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
  });
  // The whole chain, as TLS wants it.
  return { thing, key, cert: `${certificate.toString("pem")}\n${issuer?.cert ?? ""}` };
};
