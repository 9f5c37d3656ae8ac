import { describe, expect, test } from "vitest";
import { at, objectOf, objectsOf, propertiesOf, synthesizedTemplate } from "./synthesized.ts";

const template = synthesizedTemplate();
const config = objectOf(at(propertiesOf(template, "ConsoleDistribution"), "DistributionConfig"));

describe("the console's distribution", () => {
  test("shows the files of a bucket that nobody else may read", () => {
    const bucket = propertiesOf(template, "ConsoleFiles");
    const statements = objectsOf(
      at(propertiesOf(template, "ConsoleFilesPolicy"), "PolicyDocument", "Statement"),
    );

    expect(bucket.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(statements.filter(({ Effect }) => Effect === "Allow")).toEqual([
      {
        Effect: "Allow",
        Action: "s3:GetObject",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Resource: "<ConsoleFiles.Arn>/*",
        Condition: {
          StringEquals: {
            "AWS:SourceArn":
              "arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/<ConsoleDistribution>",
          },
        },
      },
    ]);
  });

  test("has no error pages, which would turn the gateway's refusals into a page", () => {
    expect(Object.keys(config)).not.toContain("CustomErrorResponses");
  });

  test("hands /mcp to the gateway's own host, uncached, uncompressed, the viewer's Host left behind", () => {
    const [mcp, ...more] = objectsOf(config.CacheBehaviors);
    const [, gateway] = objectsOf(config.Origins);

    expect(more).toEqual([]);
    expect(mcp).toMatchObject({
      PathPattern: "/mcp",
      AllowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      // CachingDisabled and AllViewerExceptHostHeader: the pair that lets Authorization through.
      CachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      OriginRequestPolicyId: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
      Compress: false,
      ViewerProtocolPolicy: "https-only",
      TargetOriginId: gateway?.Id,
    });
    expect(gateway).toMatchObject({
      DomainName: "<part 2 of <<ToolGateway.GatewayUrl> split at />>",
      CustomOriginConfig: { OriginProtocolPolicy: "https-only", OriginReadTimeout: 60 },
    });
  });

  test("tells a browser what the page may load and call, and nothing that a style or a script could slip through", () => {
    const headers = at(
      propertiesOf(template, "ConsolePageHeaders"),
      "ResponseHeadersPolicyConfig",
      "SecurityHeadersConfig",
    );

    expect(headers).toEqual({
      ContentSecurityPolicy: {
        ContentSecurityPolicy:
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' https://<SignInUserPoolDomain>.auth.<AWS::Region>.amazoncognito.com; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
        Override: true,
      },
      ContentTypeOptions: { Override: true },
      ReferrerPolicy: { ReferrerPolicy: "no-referrer", Override: true },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
    });
  });
});

describe("the page's address", () => {
  test("is not known to the sign-in at the first deployment, and is at the second", () => {
    const url = "https://d111111abcdef8.cloudfront.net";

    const first = propertiesOf(template, "SignInClientsConsole");
    const second = propertiesOf(synthesizedTemplate({ consoleUrl: url }), "SignInClientsConsole");

    expect([first.CallbackURLs, first.LogoutURLs]).toEqual([
      ["http://localhost:4603/"],
      ["http://localhost:4603/"],
    ]);
    expect([second.CallbackURLs, second.LogoutURLs]).toEqual([
      ["http://localhost:4603/", `${url}/`],
      ["http://localhost:4603/", `${url}/`],
    ]);
  });

  test.for(["http://d1.cloudfront.net", "https://d1.cloudfront.net/page", "d1.cloudfront.net", ""])(
    "is never %j",
    (consoleUrl) => {
      expect(() => synthesizedTemplate({ consoleUrl })).toThrow(
        `${JSON.stringify(consoleUrl)} is no address of the console: https, and no path`,
      );
    },
  );
});
