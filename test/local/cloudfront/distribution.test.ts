import { describe, expect, test } from "vitest";
import { chooseBehaviour } from "#local/cloudfront/configuration/choose-behaviour.ts";
import { parseDistribution } from "#local/cloudfront/configuration/distribution.ts";
import { parseResponseHeaders } from "#local/cloudfront/configuration/response-headers.ts";
import { parseFunction } from "#local/cloudfront/configuration/viewer-function.ts";
import { readBucketPolicies } from "#local/cloudfront/origins/bucket-policies.ts";
import { forwardedHeaders } from "#local/cloudfront/origins/forwarded-headers.ts";
import { functionEvent, requestOfResult } from "#local/cloudfront/viewer/function-event.ts";
import { runFunction } from "#local/cloudfront/viewer/run-function.ts";
import type { ViewerRequest } from "#local/cloudfront/viewer/viewer-request.ts";

const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3";
const EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

const BEHAVIOUR = {
  TargetOriginId: "host",
  ViewerProtocolPolicy: "https-only",
  CachePolicyId: CACHING_DISABLED,
};
const HOST = {
  Id: "host",
  DomainName: "gateway.example",
  CustomOriginConfig: { OriginProtocolPolicy: "https-only" },
};
const distribution = (config: object = {}, behaviour: object = {}) =>
  parseDistribution("E1", {
    DistributionConfig: {
      Enabled: true,
      Origins: [HOST],
      DefaultCacheBehavior: { ...BEHAVIOUR, ...behaviour },
      ...config,
    },
  });

describe("what is not imitated is refused by name", () => {
  // REQ: unknown-is-refused
  test.for<[string, object, object, string]>([
    [
      "error pages",
      { CustomErrorResponses: [{ ErrorCode: 404, ResponsePagePath: "/index.html" }] },
      {},
      "CustomErrorResponses: the local stack does not imitate it",
    ],
    ["a name of one's own", { Aliases: ["console.example.org"] }, {}, "Aliases"],
    ["a root object", { DefaultRootObject: "index.html" }, {}, "DefaultRootObject"],
    ["a firewall", { WebACLId: "acl" }, {}, "WebACLId"],
    [
      "Lambda@Edge",
      {},
      { LambdaFunctionAssociations: [{ EventType: "origin-response" }] },
      "LambdaFunctionAssociations: the local stack does not imitate it",
    ],
    [
      "a function of the viewer's response",
      {},
      { FunctionAssociations: [{ EventType: "viewer-response", FunctionARN: "arn" }] },
      "FunctionAssociations.0.EventType",
    ],
    ["a cache policy of one's own", {}, { CachePolicyId: "own" }, "the policy own is not imitated"],
    [
      "another origin request policy",
      {},
      { OriginRequestPolicyId: "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf" },
      "OriginRequestPolicyId: the policy 88a5eaf4-2fd4-4709-b370-b4c650ea3fcf is not imitated; known: AllViewer, AllViewerExceptHostHeader",
    ],
    ["forwarded values", {}, { ForwardedValues: {} }, "ForwardedValues"],
    [
      "a list of methods that CloudFront has not",
      {},
      { AllowedMethods: ["GET", "HEAD", "POST"] },
      "GET and HEAD, these and OPTIONS, or all seven",
    ],
    [
      "a patience that CloudFront has not",
      {
        Origins: [
          {
            ...HOST,
            CustomOriginConfig: { OriginProtocolPolicy: "https-only", OriginReadTimeout: 121 },
          },
        ],
      },
      {},
      "OriginReadTimeout",
    ],
    [
      "a bucket that is open to everybody",
      {
        Origins: [
          {
            Id: "host",
            DomainName: "files.s3.us-east-1.amazonaws.com",
            S3OriginConfig: { OriginAccessIdentity: "" },
          },
        ],
      },
      {},
      "a bucket behind an origin access control",
    ],
    ["an origin that is not there", {}, { TargetOriginId: "nobody" }, "no origin is nobody"],
  ])("%s", ([, config, behaviour, words]) => {
    expect(() => distribution(config, behaviour)).toThrow(
      expect.objectContaining({
        code: "TemplateNotUnderstood",
        message: expect.stringContaining(words) as string,
      }),
    );
  });

  test("headers that a policy takes off, and functions that are drafts, of another runtime, too long or no JavaScript", () => {
    const policy = (more: object) =>
      parseResponseHeaders("P", { ResponseHeadersPolicyConfig: { Name: "P", ...more } });
    const edge = (code: string, more: object = {}) =>
      parseFunction("arn", {
        Name: "f",
        AutoPublish: true,
        FunctionCode: code,
        FunctionConfig: { Comment: "", Runtime: "cloudfront-js-2.0" },
        ...more,
      });
    const code = "function handler(event) { return event.request; }";

    expect(() => policy({ RemoveHeadersConfig: { Items: [] } })).toThrow("RemoveHeadersConfig");
    expect(() => policy({ CorsConfig: {} })).toThrow("CorsConfig");
    expect(() => edge(code, { AutoPublish: false })).toThrow("AutoPublish");
    expect(() =>
      edge(code, { FunctionConfig: { Comment: "", Runtime: "cloudfront-js-1.0" } }),
    ).toThrow("FunctionConfig.Runtime");
    expect(() => edge(`${code}${" ".repeat(10_240)}`)).toThrow("longer than 10240 bytes");
    expect(() => edge("function handler(")).toThrow("no JavaScript");
  });
});

test("the first behaviour whose pattern matches is taken, whatever dots and slashes are in the path", () => {
  const behaviours = distribution({
    CacheBehaviors: ["/mcp", "/a/b*", "/a?c", "/a*"].map((PathPattern) => ({
      ...BEHAVIOUR,
      PathPattern,
    })),
  });
  const chosen = (uri: string) => chooseBehaviour(behaviours, uri)?.pathPattern;

  expect(
    ["/mcp", "/%6dcp", "//mcp", "/x/../mcp", "/./mcp", "/mcp/", "/MCP", "/mcp%2F", "/"].map(chosen),
  ).toEqual(["/mcp", "/mcp", "/mcp", "/mcp", "/mcp", "*", "*", "*", "*"]);
  expect(["/a/b", "/a/b/c", "/a/b/..", "/abc", "/ab"].map(chosen)).toEqual([
    "/a/b*",
    "/a/b*",
    "/a*",
    "/a?c",
    "/a*",
  ]);
});

const REQUEST: ViewerRequest = {
  method: "POST",
  uri: "/mcp",
  query: "a=1",
  headers: {
    host: ["localhost"],
    authorization: ["Bearer t"],
    accept: ["application/json"],
    "content-type": ["application/json"],
    connection: ["keep-alive"],
  },
  cookies: ["a=1", "b=2"],
};

describe("what reaches an origin", () => {
  const names = (behaviour: object) => {
    const [only] = distribution({}, behaviour);
    return only === undefined ? [] : Object.keys(forwardedHeaders(REQUEST, only)).sort();
  };

  test.for<[string, object, readonly string[]]>([
    [
      "the pair of policies lets Authorization through and leaves the Host behind",
      { OriginRequestPolicyId: EXCEPT_HOST },
      ["accept", "authorization", "content-type", "cookie"],
    ],
    [
      "with the Host, where all of the viewer's goes",
      { OriginRequestPolicyId: ALL_VIEWER },
      ["accept", "authorization", "content-type", "cookie", "host"],
    ],
    [
      "without Authorization, where answers are kept",
      { OriginRequestPolicyId: EXCEPT_HOST, CachePolicyId: CACHING_OPTIMIZED },
      ["accept", "content-type", "cookie"],
    ],
    ["next to nothing without a policy", {}, ["content-type", "user-agent"]],
  ])("%s", ([, behaviour, expected]) => {
    expect(names(behaviour)).toEqual(expected);
  });

  test("a bucket says itself whether CloudFront may read or list it, for this distribution alone", () => {
    const policies = (SourceArn: string, Action: string, Resource: string) =>
      readBucketPolicies(
        [
          {
            name: "Policy",
            properties: {
              Bucket: "files",
              PolicyDocument: {
                Statement: [
                  {
                    Effect: "Deny",
                    Principal: { AWS: "*" },
                    Action: "s3:*",
                    Resource: "arn:aws:s3:::files/secret*",
                  },
                  {
                    Effect: "Allow",
                    Principal: { Service: "cloudfront.amazonaws.com" },
                    Action,
                    Resource,
                    Condition: { StringEquals: { "AWS:SourceArn": SourceArn } },
                  },
                ],
              },
            },
          },
        ],
        { arn: "arn:aws:cloudfront::0:distribution/E1", accountId: "0" },
      );
    const mine = policies(
      "arn:aws:cloudfront::0:distribution/E1",
      "s3:GetObject",
      "arn:aws:s3:::files/*",
    );
    const others = policies(
      "arn:aws:cloudfront::0:distribution/E2",
      "s3:GetObject",
      "arn:aws:s3:::files/*",
    );
    const lists = policies(
      "arn:aws:cloudfront::0:distribution/E1",
      "s3:ListBucket",
      "arn:aws:s3:::files",
    );

    expect(
      ["index.html", "secret.txt"].map((key) => [
        mine.mayRead("files", key),
        others.mayRead("files", key),
      ]),
    ).toEqual([
      [true, false],
      [false, false],
    ]);
    expect([mine.mayRead("others", "a"), mine.mayList("files"), lists.mayList("files")]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe("a function's own text", () => {
  const edge = (code: string) =>
    parseFunction("arn", {
      Name: "edge",
      AutoPublish: true,
      FunctionCode: code,
      FunctionConfig: { Comment: "", Runtime: "cloudfront-js-2.0" },
    });
  const context = {
    distributionDomainName: "d1.cloudfront.net",
    distributionId: "E1",
    requestId: "r",
  };
  const run = (code: string) =>
    requestOfResult(runFunction(edge(code), functionEvent(REQUEST, context, "127.0.0.1")), REQUEST);

  test("is called with CloudFront's event, in which cookies are no header, and may await", () => {
    const seen = runFunction(
      edge("async function handler(event) { await null; return event; }"),
      functionEvent(
        { ...REQUEST, query: "a=1&a=2&b", headers: { accept: ["x", "y"], "x-cache": ["z"] } },
        context,
        "127.0.0.1",
      ),
    );

    expect(seen).toEqual({
      version: "1.0",
      context: { ...context, eventType: "viewer-request" },
      viewer: { ip: "127.0.0.1" },
      request: {
        method: "POST",
        uri: "/mcp",
        querystring: {
          a: { value: "1", multiValue: [{ value: "1" }, { value: "2" }] },
          b: { value: "" },
        },
        headers: { accept: { value: "x", multiValue: [{ value: "x" }, { value: "y" }] } },
        cookies: { a: { value: "1" }, b: { value: "2" } },
      },
    });
  });

  test("changes what it may: path, query, headers, cookies", () => {
    const after = run(`function handler(event) {
      var request = event.request;
      request.uri = "/other";
      delete request.headers.accept;
      request.headers["x-own"] = { value: "1" };
      delete request.headers.cookie;
      delete request.cookies.a;
      return request;
    }`);

    expect([after.uri, after.query, after.cookies]).toEqual(["/other", "a=1", ["b=2"]]);
    expect(Object.keys(after.headers).sort()).toEqual([
      "authorization",
      "content-type",
      "host",
      "x-own",
    ]);
  });

  test.for<[string, string]>([
    ["no request", "return undefined;"],
    ["an answer of its own, which is not imitated", "return { statusCode: 302 };"],
    ["another Host", "event.request.headers.host.value = 'x'; return event.request;"],
    ["no Host", "delete event.request.headers.host; return event.request;"],
    [
      "a header of CloudFront's",
      "event.request.headers['x-edge-a'] = { value: '1' }; return event.request;",
    ],
    ["a path that is none", "event.request.uri = 'index.html'; return event.request;"],
  ])("gives back %s, and the viewer gets 502", ([, body]) => {
    expect(() => run(`function handler(event) { ${body} }`)).toThrow(
      expect.objectContaining({ name: "InvalidFunctionResult" }),
    );
  });

  test.for<[string, string]>([
    ["throws", "function handler() { throw new Error('no'); }"],
    ["never ends", "function handler() { while (true); }"],
    ["never answers", "function handler() { return new Promise(function () {}); }"],
    ["is not there", "var other = 1;"],
    ["makes code of a text", "function handler() { return eval('1'); }"],
    ["wants the network", "function handler() { return fetch('https://example.org'); }"],
    ["wants a timer", "function handler() { setTimeout(function () {}, 1); }"],
    ["wants this process", "function handler() { return process.env; }"],
    ["wants a module", "function handler() { return require('fs'); }"],
  ])("%s, and the viewer gets 503", ([, code]) => {
    expect(() => run(code)).toThrow(expect.objectContaining({ name: "FunctionFailed" }));
  });
});
