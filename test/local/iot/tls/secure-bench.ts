import { readFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreateThingCommand,
  IoTClient,
} from "@aws-sdk/client-iot";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { makeDeviceKey } from "../../../../scripts/devices/device-key.ts";
import { DEVICE_POLICY } from "../device-policy.ts";
import {
  type IotBench,
  type IotBenchOptions,
  scratchDirectory,
  startIotBench,
  withoutDelay,
} from "../support.ts";

/** A device's thing, key and certificate. */
export interface Device {
  readonly thing: string;
  readonly key: string;
  readonly cert: string;
  readonly certificateId: string;
  readonly certificateArn: string;
}

/** The IoT core with its TLS port, and what registers devices there. */
export interface SecureBench extends IotBench {
  readonly control: IoTClient;
  readonly tlsPort: number;
  /** Files of the authority; others may be put beside them. */
  readonly folder: string;
  readonly rootCertificateFile: string;
  readonly rootCertificate: string;
  /** A thing, and a certificate that is active, attached to it and has the template's policy. */
  register(
    thing: string,
    options?: { readonly policies?: readonly string[]; readonly things?: readonly string[] },
  ): Promise<Device>;
  /** Connects as the device with mqtt.js, which does not connect again by itself. */
  signIn(
    device: Partial<Device>,
    options?: IClientOptions & Pick<ConnectionOptions, "minVersion" | "maxVersion">,
  ): Promise<MqttClient>;
  /** A TLS connection as the device, once its handshake is done on this side. */
  secureSocket(device: Partial<Device>, options?: ConnectionOptions): Promise<TLSSocket>;
}

const HOST = "127.0.0.1";

export const startSecureBench = async (options: IotBenchOptions = {}): Promise<SecureBench> => {
  const scratch = scratchDirectory();
  const authority = options.authority ?? {
    key: join(scratch.path, "root-ca.key"),
    certificate: join(scratch.path, "root-ca.pem"),
  };
  const bench = await startIotBench({
    authority,
    mqtt: { kind: "embedded", port: 0, tls: { port: 0, host: HOST } },
    ...options,
    policies: [{ name: "SmarthomeDevice", document: DEVICE_POLICY }, ...(options.policies ?? [])],
  });
  const control = new IoTClient({
    endpoint: bench.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  const rootCertificate = readFileSync(authority.certificate, "utf8");
  const port = bench.iot.mqttTlsPort ?? 0;
  const clients: MqttClient[] = [];
  const credentialsOf = ({ key, cert }: Partial<Device>) => ({
    ca: rootCertificate,
    ...(key === undefined ? {} : { key }),
    ...(cert === undefined ? {} : { cert }),
  });
  return {
    ...bench,
    control,
    tlsPort: port,
    folder: scratch.path,
    rootCertificateFile: authority.certificate,
    rootCertificate,
    register: async (thing, { policies = ["SmarthomeDevice"], things = [thing] } = {}) => {
      const { privateKeyPem: key, requestPem } = await makeDeviceKey(thing);
      const {
        certificateArn = "",
        certificateId = "",
        certificatePem: cert = "",
      } = await control.send(
        new CreateCertificateFromCsrCommand({
          certificateSigningRequest: requestPem,
          setAsActive: true,
        }),
      );
      for (const policyName of policies) {
        await control.send(new AttachPolicyCommand({ policyName, target: certificateArn }));
      }
      await control.send(new CreateThingCommand({ thingName: thing }));
      for (const thingName of things) {
        await control.send(
          new AttachThingPrincipalCommand({ thingName, principal: certificateArn }),
        );
      }
      return { thing, key, cert, certificateId, certificateArn };
    },
    signIn: async (device, clientOptions = {}) => {
      const client = await connectAsync(
        `mqtts://${HOST}:${port}`,
        {
          clientId: device.thing ?? "",
          reconnectPeriod: 0,
          ...credentialsOf(device),
          ...clientOptions,
        },
        false,
      );
      withoutDelay(client);
      client.on("error", () => {});
      clients.push(client);
      return client;
    },
    secureSocket: (device, socketOptions = {}) =>
      new Promise((resolve, reject) => {
        const socket = connectTls({
          ...(socketOptions.socket === undefined ? { host: HOST, port } : {}),
          servername: "localhost",
          ...credentialsOf(device),
          ...socketOptions,
        });
        socket.once("error", reject);
        socket.once("secureConnect", () => {
          socket.off("error", reject);
          socket.on("error", () => {});
          resolve(socket);
        });
      }),
    close: async () => {
      control.destroy();
      await Promise.all(clients.map((client) => client.endAsync(true)));
      await bench.close();
      scratch.remove();
    },
  };
};

/** A way to a port on which what is written while it is held leaves in one piece: several TLS records in one packet. */
export const heldSocket = (port: number): Duplex & { hold(): void; letGo(): void } => {
  const below = connectSocket(port, HOST);
  let held: Buffer[] | undefined;
  const socket = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, written) => {
      if (held === undefined) below.write(chunk);
      else held.push(chunk);
      written();
    },
    destroy: (error, destroyed) => {
      below.destroy();
      destroyed(error);
    },
  });
  below.on("data", (chunk) => socket.push(chunk));
  below.on("error", () => {});
  below.once("close", () => socket.destroy());
  return Object.assign(socket, {
    hold: () => {
      held = [];
    },
    letGo: () => {
      below.write(Buffer.concat(held ?? []));
      held = undefined;
    },
  });
};
