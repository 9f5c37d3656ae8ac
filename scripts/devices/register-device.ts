import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreateThingCommand,
  DeleteThingCommand,
  DescribeThingCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-iot";
import type { Device } from "#domain/home/device.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import type { Scene } from "#domain/home/scene.ts";
import { Problem } from "../command/problem.ts";
import { changeItem } from "./change-item.ts";
import { makeDeviceKey } from "./device-key.ts";
import { putDevice } from "./home-records.ts";
import type { Registry } from "./registry.ts";
import { withdrawCertificate } from "./withdraw-certificate.ts";

/** What a device needs to sign in. */
export interface DeviceCredentials {
  /** Mode 600; it is nowhere else. */
  readonly privateKeyFile: string;
  readonly certificateFile: string;
  /** By which the device knows the endpoint. */
  readonly rootCertificateFile: string;
  readonly certificateArn: string;
}

/**
 * Registers a device: a key of its own, its thing, a certificate with the device policy, its record in the home, and
 * the next version of a scene that asks it. All or nothing: what was made before a step failed is taken back.
 * @throws Problem when its folder holds a key already, or a call was refused
 */
export const registerDevice = async (
  registry: Registry,
  home: HomeId,
  device: Device,
  scene: Scene | undefined,
  folder: string,
  command = "add-device",
): Promise<DeviceCredentials> => {
  const { iot } = registry;
  const { thing } = device;
  const files = {
    privateKeyFile: join(folder, "private.key"),
    certificateFile: join(folder, "certificate.pem"),
    rootCertificateFile: join(folder, "root-ca.pem"),
  };
  const there = Object.values(files).find((file) => existsSync(file));
  if (there !== undefined) {
    throw new Problem(
      `${there} is there already, and keys and certificates are never overwritten. Move its folder away, or name another with --out FOLDER. Nothing was changed.`,
    );
  }
  const undo: (() => unknown)[] = [];
  const interruption = holdInterruption();
  const write = (file: string, text: string, mode: number): void => {
    writeFileSync(file, text, { mode, flag: "wx" });
    undo.push(() => rmSync(file));
  };
  try {
    const key = await makeDeviceKey(thing);
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) {
      undo.push(() => rmdirSync(folder));
    }
    write(files.privateKeyFile, key.privateKeyPem, 0o600);

    interruption.check();
    if (!(await thingExists(registry, thing))) {
      await iot.send(
        new CreateThingCommand({
          thingName: thing,
          attributePayload: { attributes: { kind: device.kind, home } },
        }),
      );
      undo.push(() => iot.send(new DeleteThingCommand({ thingName: thing })));
    }
    interruption.check();
    const { certificateArn = "", certificatePem = "" } = await iot.send(
      new CreateCertificateFromCsrCommand({
        certificateSigningRequest: key.requestPem,
        setAsActive: true,
      }),
    );
    undo.push(() => withdrawCertificate(registry, thing, certificateArn));
    const { devicePolicy: policyName } = registry;
    await iot.send(new AttachPolicyCommand({ policyName, target: certificateArn }));
    await iot.send(
      new AttachThingPrincipalCommand({
        thingName: thing,
        principal: certificateArn,
        // A certificate that stands for this thing stands for no other one, of whichever home.
        thingPrincipalType: "EXCLUSIVE_THING",
      }),
    );

    write(files.certificateFile, certificatePem, 0o644);
    write(files.rootCertificateFile, registry.rootCertificates(), 0o644);
    interruption.check();
    // Last: from here on scenes ask the device.
    await putDevice(registry, home, device, scene, [
      await changeItem(registry, {
        change: "device-added",
        home,
        subject: device.id,
        details: { thing, kind: device.kind, certificateArn, scene: scene?.id },
        command,
      }),
    ]);
    return { ...files, certificateArn };
  } catch (cause) {
    throw await takenBack(undo, cause);
  } finally {
    interruption.release();
  }
};

/** Lets Ctrl-C wait for the end of a step, so that what was made before it can be taken back. */
const holdInterruption = (): { check(): void; release(): void } => {
  let signal: NodeJS.Signals | undefined;
  const hold = (received: NodeJS.Signals): void => {
    signal = received;
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const each of signals) process.on(each, hold);
  return {
    check: () => {
      if (signal !== undefined) throw new Problem(`it was interrupted (${signal})`);
    },
    release: () => {
      for (const each of signals) process.off(each, hold);
    },
  };
};

const thingExists = async ({ iot }: Registry, thingName: string): Promise<boolean> => {
  try {
    await iot.send(new DescribeThingCommand({ thingName }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
};

/** Undoes, last first; what cannot be undone is named. */
const takenBack = async (undo: readonly (() => unknown)[], cause: unknown): Promise<Problem> => {
  const left: string[] = [];
  for (const step of undo.toReversed()) {
    try {
      await step();
    } catch (error) {
      left.push(reason(error));
    }
  }
  const end =
    left.length === 0
      ? "Nothing was changed."
      : `Not all of it could be taken back: ${left.join("; ")}.`;
  return new Problem(`The device was not registered: ${reason(cause)}. ${end}`, { cause });
};

const reason = (error: unknown): string =>
  error instanceof Error ? `${error.name}, ${error.message.replace(/\.$/, "")}` : String(error);
