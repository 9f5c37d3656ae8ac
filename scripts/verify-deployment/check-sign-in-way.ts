import { examine } from "../doctor/examine.ts";
import { patientOf } from "../doctor/patient.ts";
import type { Check } from "./check.ts";
import { fault, well } from "./finding.ts";

/** The protected-resource metadata, the challenge, the authorization server and the clients, as the doctor walks them. */
export const checkSignInWay: Check = {
  name: "sign-in way",
  needs: [],
  look: async ({ signIn, redactor }) => {
    const patient = await patientOf({ signIn: false }, async () => signIn);
    const steps = await examine(patient, redactor, () => undefined);
    const findings = steps.flatMap((step) => step.findings);
    const wrong = findings.find(({ status }) => status === "failure");
    if (wrong !== undefined) {
      return fault(wrong.code, wrong.summary, wrong.fix ?? "npm run doctor tells more.");
    }
    const warnings = findings.filter(({ status }) => status === "warning").length;
    return well(
      `Metadata, challenge, keys and clients are as Claude needs them: ${findings.length} findings, ${warnings} of them warnings.`,
    );
  },
};
