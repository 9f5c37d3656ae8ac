// Signature Version 4, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from "node:crypto";
import { AwsError } from "./aws-service.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present for an assumed role, as from STS. */
  readonly sessionToken?: string;
}

/** The parts of an HTTP request that a signature covers. */
export interface SignedParts {
  readonly method: string;
  /** Percent-encoded as it goes over the wire, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What an Authorization header names, before anything is verified. */
export interface SignatureScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const MAX_SKEW_MS = 5 * 60_000;

const sha256 = (data: string | Buffer): string => hash("sha256", data, "hex");
const hmac = (key: string | Buffer | KeyObject, data: string): Buffer =>
  createHmac("sha256", key).update(data).digest();

// encodeURIComponent leaves !'()* alone; RFC 3986 as SigV4 reads it does not.
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

// Every service but S3 signs the path encoded once more than it is sent; and S3 the hash of the body that a header tells,
// which it compares with the body itself.
const canonicalPath = (path: string): string => encode(path).replaceAll("%2F", "/") || "/";

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

// As key objects: handing Node the bytes each time costs 30 µs a signature instead of 4.
const signingKeys = new Map<string, KeyObject>();

const signingKey = (secret: string, date: string, region: string, service: string): KeyObject => {
  const id = `${secret}/${date}/${region}/${service}`;
  const known = signingKeys.get(id);
  if (known !== undefined) return known;
  const key = createSecretKey(
    hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), "aws4_request"),
  );
  // One key a day for each role and service: a handful; the bound only stops a runaway.
  if (signingKeys.size > 1000) signingKeys.clear();
  signingKeys.set(id, key);
  return key;
};

const signatureOf = (
  parts: SignedParts,
  scope: Omit<SignatureScope, "signature" | "accessKeyId">,
  secret: string,
): string => {
  const isS3 = scope.service === "s3";
  const canonicalRequest = [
    parts.method,
    isS3 ? parts.path : canonicalPath(parts.path),
    canonicalQuery(parts.query),
    ...scope.signedHeaders.map(
      (name) => `${name}:${(parts.headers[name] ?? "").trim().replace(/\s+/g, " ")}`,
    ),
    "",
    scope.signedHeaders.join(";"),
    (isS3 ? parts.headers["x-amz-content-sha256"] : undefined) ?? sha256(parts.body),
  ].join("\n");
  const stringToSign = [
    ALGORITHM,
    parts.headers["x-amz-date"] ?? "",
    `${scope.date}/${scope.region}/${scope.service}/aws4_request`,
    sha256(canonicalRequest),
  ].join("\n");
  const key = signingKey(secret, scope.date, scope.region, scope.service);
  return hmac(key, stringToSign).toString("hex");
};

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/\s,]+)\/(\d{8})\/([^/\s,]+)\/([^/\s,]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/**
 * Reads an Authorization header.
 * @throws AwsError `MissingAuthenticationToken` or `IncompleteSignature`, both 403.
 */
export const parseAuthorization = (header: string | undefined): SignatureScope => {
  if (header === undefined || header === "") {
    throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", {
      status: 403,
    });
  }
  const match = AUTHORIZATION.exec(header);
  const [, accessKeyId, date, region, service, signed, signature] = match ?? [];
  if (!accessKeyId || !date || !region || !service || !signed || !signature) {
    throw new AwsError(
      "IncompleteSignatureException",
      "The Authorization header is not an AWS Signature Version 4 header.",
      { status: 403 },
    );
  }
  return { accessKeyId, date, region, service, signedHeaders: signed.split(";"), signature };
};

/**
 * Promises that the holder of `credentials` signed exactly these parts within five minutes of `nowMs`.
 * @throws AwsError `InvalidSignatureException` or `UnrecognizedClientException`, 403.
 */
export const verifySignature = (
  parts: SignedParts,
  scope: SignatureScope,
  credentials: Credentials,
  nowMs: number,
): void => {
  if (parts.headers["x-amz-security-token"] !== credentials.sessionToken) {
    throw new AwsError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
      { status: 403 },
    );
  }
  const date = parts.headers["x-amz-date"] ?? "";
  const at = Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (!(Math.abs(nowMs - at) <= MAX_SKEW_MS)) {
    throw new AwsError("InvalidSignatureException", `Signature expired or not yet valid: ${date}`, {
      status: 403,
    });
  }
  const expected = Buffer.from(signatureOf(parts, scope, credentials.secretAccessKey), "hex");
  const mustBeSigned = scope.signedHeaders.includes("host");
  if (!mustBeSigned || !timingSafeEqual(expected, Buffer.from(scope.signature, "hex"))) {
    throw new AwsError(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
      { status: 403 },
    );
  }
};

/** The headers that sign a request: the ones given, and host, x-amz-date, x-amz-security-token and authorization. */
export const signRequest = (
  parts: SignedParts,
  credentials: Credentials,
  at: { readonly region: string; readonly service: string; readonly nowMs: number },
): Record<string, string> => {
  const amzDate = new Date(at.nowMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const headers: Record<string, string> = { "x-amz-date": amzDate };
  for (const [name, value] of Object.entries(parts.headers)) {
    if (value !== undefined) headers[name] = value;
  }
  if (credentials.sessionToken !== undefined) {
    headers["x-amz-security-token"] = credentials.sessionToken;
  }
  const scope = {
    date: amzDate.slice(0, 8),
    region: at.region,
    service: at.service,
    signedHeaders: Object.keys(headers).sort(),
  };
  const signature = signatureOf({ ...parts, headers }, scope, credentials.secretAccessKey);
  headers.authorization =
    `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope.date}/${scope.region}/${scope.service}/aws4_request, ` +
    `SignedHeaders=${scope.signedHeaders.join(";")}, Signature=${signature}`;
  return headers;
};
