import {
  aws_cloudfront as cloudfront,
  Duration,
  Fn,
  aws_cloudfront_origins as origins,
  RemovalPolicy,
  aws_s3 as s3,
  Validations,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { ANONYMOUS_CALLER_CODE, SHOW_THE_PAGE_CODE } from "./viewer-requests.ts";

export interface ConsoleSiteProps {
  /** Where MCP clients find the gateway; it ends in `/mcp`. */
  readonly gatewayUrl: string;
  /** Where people sign in: the page may fetch its tokens there, and nothing from anywhere else. */
  readonly signInUrl: string;
}

// run_scene answers within 45 s; a call that takes longer is asked for again, by its request_id.
const ORIGIN_TIMEOUT = Duration.seconds(60);
const A_YEAR = Duration.days(365);

/** CDK's interface of a bucket says yes or no here, its class leaves it open. */
class FilesBucket extends s3.Bucket {
  override get isWebsite(): boolean {
    return false;
  }
}

/** The operators' console: its files, and the gateway on the same origin, so that no browser has to be let across. */
export class ConsoleSite extends Construct {
  readonly bucket: FilesBucket;
  readonly distribution: cloudfront.Distribution;

  constructor(scope: Construct, id: string, { gatewayUrl, signInUrl }: ConsoleSiteProps) {
    super(scope, id);
    // Nothing in it that a deployment would not put there again.
    this.bucket = new FilesBucket(this, "Files", {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const viewerRequest = (name: string, comment: string, code: string) => [
      {
        eventType: cloudfront.FunctionEventType.VIEWER_REQUEST,
        function: new cloudfront.Function(this, name, {
          comment,
          runtime: cloudfront.FunctionRuntime.JS_2_0,
          code: cloudfront.FunctionCode.fromInline(code),
        }),
      },
    ];
    const safe = {
      contentTypeOptions: { override: true },
      referrerPolicy: {
        referrerPolicy: cloudfront.HeadersReferrerPolicy.NO_REFERRER,
        override: true,
      },
      strictTransportSecurity: { accessControlMaxAge: A_YEAR, override: true },
    };
    const pageHeaders = new cloudfront.ResponseHeadersPolicy(this, "PageHeaders", {
      comment: "What the console's page may load and call.",
      securityHeadersBehavior: {
        ...safe,
        contentSecurityPolicy: {
          contentSecurityPolicy: contentSecurityPolicy(signInUrl),
          override: true,
        },
      },
    });
    const gatewayHeaders = new cloudfront.ResponseHeadersPolicy(this, "GatewayHeaders", {
      comment: "The gateway's answers, as the page gets them.",
      securityHeadersBehavior: safe,
    });
    // No error pages: they hold for the whole distribution, and would turn the gateway's 401, 403 and 404 into a page.
    this.distribution = new cloudfront.Distribution(this, "Distribution", {
      comment: "The operators' console, and the gateway under /mcp.",
      priceClass: cloudfront.PriceClass.PRICE_CLASS_100,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: origins.S3BucketOrigin.withOriginAccessControl(this.bucket),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: pageHeaders,
        functionAssociations: viewerRequest(
          "ShowThePage",
          "Every path that is no file's is the page.",
          SHOW_THE_PAGE_CODE,
        ),
      },
      additionalBehaviors: {
        "/mcp": {
          origin: new origins.HttpOrigin(Fn.select(2, Fn.split("/", gatewayUrl)), {
            protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
            readTimeout: ORIGIN_TIMEOUT,
            keepaliveTimeout: ORIGIN_TIMEOUT,
          }),
          viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
          cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
          // With a cache that is off it lets Authorization through; the viewer's Host would break the gateway's TLS.
          originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          responseHeadersPolicy: gatewayHeaders,
          compress: false,
          functionAssociations: viewerRequest(
            "AnonymousCaller",
            "What a browser adds of itself does not reach the gateway.",
            ANONYMOUS_CALLER_CODE,
          ),
        },
      },
    });
    this.acknowledge();
  }

  /** Where the page is found, without a slash at the end. */
  get url(): string {
    return `https://${this.distribution.distributionDomainName}`;
  }

  private acknowledge(): void {
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions::AwsSolutions-S1",
      reason: "It holds the files of a public page; CloudFront alone can read them.",
    });
    Validations.of(this.distribution).acknowledge(
      {
        id: "AwsSolutions::AwsSolutions-CFR1",
        reason: "Whoever looks after a home may be anywhere in the world.",
      },
      {
        id: "AwsSolutions::AwsSolutions-CFR2",
        reason:
          "The gateway checks each token itself and limits callers; a firewall costs by the month.",
      },
      {
        id: "AwsSolutions::AwsSolutions-CFR3",
        reason:
          "What is done is in the audit of its home; a log of requests would keep addresses of people.",
      },
      {
        id: "AwsSolutions::AwsSolutions-CFR4",
        reason:
          "CloudFront's own certificate fixes the protocol; a domain of one's own would change that.",
      },
    );
  }
}

const contentSecurityPolicy = (signInUrl: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${signInUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
