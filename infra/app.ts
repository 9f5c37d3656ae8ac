import { synthesize } from "./aws/synthesize.ts";

// The cdk command says where it wants the assembly.
synthesize(process.env.CDK_OUTDIR ?? "cdk.out");
