// @peculiar/x509 asks for this polyfill: the container inside it reads metadata of classes.
import "reflect-metadata";
import { KeyObject } from "node:crypto";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";

/** A device's private key, and what a certificate authority needs to certify it. */
export interface DeviceKey {
  readonly privateKeyPem: string;
  /** Certificate signing request (PKCS #10) in PEM. */
  readonly requestPem: string;
}

// P-256: AWS IoT takes it, and small devices sign with it fast.
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** Makes a key here, so that the private half travels nowhere. */
export const makeDeviceKey = async (thing: string): Promise<DeviceKey> => {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const request = await Pkcs10CertificateRequestGenerator.create({
    // The characters of a thing's name mean nothing in a distinguished name.
    name: `CN=${thing}`,
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return {
    privateKeyPem: KeyObject.from(keys.privateKey)
      .export({ type: "pkcs8", format: "pem" })
      .toString(),
    requestPem: request.toString("pem"),
  };
};
