import { existsSync } from "node:fs";

import { LocalError } from "#local/wire/local-error.ts";
import { unusable } from "#local/wire/unusable-file.ts";
import type { AuthorityFiles, CertificateAuthority } from "./authority/certificate-authority.ts";
import type { CertificateTable } from "./registry/certificate-table.ts";

/**
 * Opens the authority when it is first asked for. Its library takes as long to load as the rest of the core: only who
 * registers a device, or lets one in, waits for it.
 */
export const authorityOnce = (
  files: AuthorityFiles | undefined,
  certificates: CertificateTable,
): (() => Promise<CertificateAuthority>) => {
  let opening: Promise<CertificateAuthority> | undefined;
  const open = async (): Promise<CertificateAuthority> => {
    if (files === undefined) {
      throw new LocalError("StartFailed", "No files were given for a certificate authority.");
    }
    if (!existsSync(files.key) && !certificates.isEmpty()) {
      // A new one would know none of the devices, and they would not know it.
      throw unusable(files.key, new Error("it is missing, and devices have certificates of it"));
    }
    const { openCertificateAuthority } = await import("./authority/certificate-authority.ts");
    return openCertificateAuthority(files);
  };
  return () => {
    opening ??= open().catch((error: unknown) => {
      // What a person mends is looked at again.
      opening = undefined;
      throw error;
    });
    return opening;
  };
};
