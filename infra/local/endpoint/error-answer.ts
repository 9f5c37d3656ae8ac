// How the SDKs read an error: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization
// and https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
import type { AwsError, AwsResponse, AwsService } from "#local/wire/aws-service.ts";
import { escapeXml } from "#local/wire/xml.ts";

/** `query` and `s3` are those of STS, IAM and S3, which are not here: their clients must understand the refusal. */
export type ErrorProtocol = AwsService["errorProtocol"];

/** Writes an error in the protocol of the service that was called. */
export const errorAnswer = (
  error: AwsError,
  protocol: ErrorProtocol,
  requestId: string,
): AwsResponse => {
  switch (protocol) {
    case "json":
      return {
        status: error.status,
        headers: { "content-type": "application/x-amz-json-1.0" },
        body: JSON.stringify({ __type: error.code, message: error.message, ...error.fields }),
      };
    case "rest-json":
      return {
        status: error.status,
        headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
        body: JSON.stringify({ message: error.message, ...error.fields }),
      };
    case "query":
      return {
        status: error.status,
        headers: { "content-type": "text/xml" },
        body:
          `<ErrorResponse><Error><Type>${error.status < 500 ? "Sender" : "Receiver"}</Type>` +
          `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
          `<RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    case "s3":
      // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
      return {
        status: error.status,
        headers: { "content-type": "application/xml" },
        body:
          `<Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>` +
          `<RequestId>${requestId}</RequestId></Error>`,
      };
  }
};
