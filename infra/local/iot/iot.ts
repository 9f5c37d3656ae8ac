import { parsePolicy } from "#local/policy/policy.ts";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { AwsService } from "#local/wire/aws-service.ts";
import { LocalError } from "#local/wire/local-error.ts";
import type { AuthorityFiles, CertificateAuthority } from "./authority/certificate-authority.ts";
import { authorityOnce } from "./authority-once.ts";
import type { Broker, BrokerListener } from "./broker/broker.ts";
import { devicePermissions } from "./broker/device-permissions.ts";
import { startEmbeddedBroker } from "./broker/embedded-broker.ts";
import { printableLine } from "./broker/printable-line.ts";
import { retainedTable } from "./broker/retained-table.ts";
import { dataPlaneService } from "./data-plane/data-plane-service.ts";
import { ServiceMessage } from "./data-plane/service-message.ts";
import { openDatabase } from "./database/database.ts";
import { machineNames } from "./doors/machine-names.ts";
import type { TlsOptions } from "./doors/mqtt-doors.ts";
import type { Message } from "./messages/message.ts";
import { certificateTable } from "./registry/certificate-table.ts";
import { controlPlaneService } from "./registry/control-plane-service.ts";
import { slowDetachments } from "./registry/slow-detachments.ts";
import { thingTable } from "./registry/thing-table.ts";
import { parseRules } from "./rules/parse-rules.ts";
import { probeRoles } from "./rules/probe-roles.ts";
import { ruleEngine } from "./rules/rule-engine.ts";
import { ruleJobTable } from "./rules/rule-job-table.ts";
import { ruleRunner } from "./rules/rule-runner.ts";
import { shadowService } from "./shadows/shadow-service.ts";
import { shadowTable } from "./shadows/shadow-table.ts";
import { parseShadowRequestTopic } from "./shadows/shadow-topic.ts";

export interface IotOptions {
  /** SQLite file of shadows, retained messages, things and unfinished rule actions; `:memory:` for tests. */
  readonly file: string;
  readonly mqtt:
    | {
        readonly kind: "embedded";
        readonly port: number;
        /** Opens a port beyond the loopback interface, for devices that sign in with certificates. */
        readonly tls?: { readonly port: number; readonly host?: string };
      }
    /** Somebody else's broker: the shadow service is then one of its clients. */
    | { readonly kind: "external"; readonly url: string };
  readonly region: string;
  readonly accountId: string;
  /** Credentials of a rule action's role, assumed on behalf of the rule. May throw AwsError. */
  readonly access: (roleArn: string, ruleArn: string) => AwsAccess;
  /** Credentials of the service iot.amazonaws.com for a rule, which Lambda actions need. */
  readonly serviceAccess?: (ruleArn: string) => AwsAccess;
  /** Resolved properties of each AWS::IoT::TopicRule. */
  readonly rules: readonly { readonly name: string; readonly properties: unknown }[];
  /** Where the authority that certifies devices is kept; made when it is first needed. */
  readonly authority?: AuthorityFiles;
  /** Resolved document of each AWS::IoT::Policy. */
  readonly policies?: readonly { readonly name: string; readonly document: unknown }[];
  readonly log?: (line: string) => void;
  /** The clock, for tests. */
  readonly nowMs?: () => number;
  /** How long a persistent session outlives its connection: an hour. */
  readonly sessionExpirySeconds?: number;
}

export interface Iot {
  readonly services: readonly AwsService[];
  readonly mqttUrl: string;
  readonly mqttPort: number;
  /** Where devices on the network connect with TLS, if that was asked for. */
  readonly mqttTlsPort?: number;
  close(): Promise<void>;
}

/**
 * Starts the local AWS IoT Core: broker, shadows, rules, data plane and control plane.
 * @throws LocalError `PortInUse`, `DataDamaged`, `AlreadyRunning`, `TemplateNotUnderstood` (a rule, a policy), `StartFailed` (no
 * external broker, a role that IoT cannot take for its rule)
 */
export const startIot = async (options: IotOptions): Promise<Iot> => {
  const { nowMs = Date.now } = options;
  const log = (line: string): void => options.log?.(printableLine(line));
  const nowSeconds = (): number => Math.floor(nowMs() / 1000);
  const arn = (resource: string): string =>
    `arn:aws:iot:${options.region}:${options.accountId}:${resource}`;
  const rules = parseRules(options.rules, options.serviceAccess !== undefined);
  probeRoles(rules, (name) => arn(`rule/${name}`), options.access);
  const policies = new Map(
    (options.policies ?? []).map(({ name, document }) => [
      name,
      parsePolicy(shortEnough(name, document), "identity", `IoT policy ${name}`),
    ]),
  );

  const database = openDatabase(options.file);
  const certificates = certificateTable(database);
  const things = thingTable(database);
  const permissions = devicePermissions({ certificates, things, policies, arn });
  const authority = authorityOnce(options.authority, certificates);
  const jobs = ruleJobTable(database);
  const runner = ruleRunner({
    access: { role: options.access, service: serviceAccess(options) },
    table: jobs,
    ruleArn: (name) => arn(`rule/${name}`),
    log,
  });
  const engine = ruleEngine({ rules, table: jobs, runner, database, nowMs, log });

  // The broker and what listens to it need each other.
  let broker: Broker | undefined;
  const announce = (message: Message): void => {
    engine.consider(message);
    if (broker?.hears(message.topic) !== true) return;
    // Its bytes are put together now: what waits for the commit is then a few hundred bytes, not trees of objects that
    // the garbage collector copies.
    const { topic, payload, qos, retain } = message;
    database.settle((error) => {
      if (error === undefined) broker?.deliver({ topic, payload, qos, retain });
    });
  };
  const table = shadowTable(database);
  const shadows = shadowService({
    table,
    database,
    nowSeconds,
    publish: (publication) => announce(new ServiceMessage(publication)),
  });
  const listener: BrokerListener = {
    rules: engine.consider,
    shadows: (message) => {
      const request = parseShadowRequestTopic(message.topic);
      // AWS ignores a last will on a reserved topic.
      if (request !== undefined && message.will === undefined) {
        shadows.request(request, message.payload);
      }
    },
    announce,
    settle: database.settle,
  };

  const retained = retainedTable(database);
  const { mqtt } = options;
  try {
    broker =
      mqtt.kind === "external"
        ? // Loaded where it is asked for: the MQTT client behind it is some fifty files.
          await (await import("./broker/external-broker.ts")).startExternalBroker({
            url: mqtt.url,
            listener,
            rules,
            log,
          })
        : await startEmbeddedBroker({
            port: mqtt.port,
            listener,
            retained,
            permissions,
            ...(mqtt.tls === undefined
              ? {}
              : { tls: await tlsOptions(mqtt.tls, await authority()) }),
            nowMs,
            ...(options.sessionExpirySeconds === undefined
              ? {}
              : { sessionExpirySeconds: options.sessionExpirySeconds }),
            log,
          });
  } catch (error) {
    database.close();
    throw error;
  }
  const started = broker;
  engine.resume();

  return {
    services: [
      dataPlaneService({
        arn,
        broker: started,
        database,
        ...(mqtt.kind === "embedded" ? { retained } : {}),
        shadows,
        shadowTable: table,
        nowSeconds,
      }),
      controlPlaneService({
        arn,
        things,
        certificates: { ...certificates, things: slowDetachments(certificates.things, nowMs) },
        policies,
        authority,
        disconnect: started.disconnect,
        nowMs,
        mqttPort: () => started.tlsPort ?? started.port,
        settled: () =>
          new Promise((resolve, reject) => {
            database.settle((error) => (error === undefined ? resolve() : reject(error)));
          }),
      }),
    ],
    mqttUrl: started.url,
    mqttPort: started.port,
    ...(started.tlsPort === undefined ? {} : { mqttTlsPort: started.tlsPort }),
    close: async () => {
      await started.close();
      await runner.close();
      database.close();
    },
  };
};

// https://docs.aws.amazon.com/iot/latest/apireference/API_CreatePolicy.html: beside white space.
const LONGEST_POLICY = 2048;

const shortEnough = (name: string, document: unknown): unknown => {
  const { length } = JSON.stringify(document ?? null).replace(/\s/g, "");
  if (length <= LONGEST_POLICY) return document;
  const why = `it has ${length} characters beside white space, AWS IoT takes ${LONGEST_POLICY}`;
  throw new LocalError("TemplateNotUnderstood", `IoT policy ${name}: ${why}.`);
};

const tlsOptions = async (
  tls: { readonly port: number; readonly host?: string },
  authority: CertificateAuthority,
): Promise<TlsOptions> => {
  const { names, addresses } = machineNames();
  const credentials = await authority.serverCredentials(names, addresses);
  return { ...tls, ...credentials, ca: authority.certificatePem };
};

const serviceAccess =
  (options: IotOptions) =>
  (ruleArn: string): AwsAccess => {
    if (options.serviceAccess !== undefined) return options.serviceAccess(ruleArn);
    throw new LocalError("TemplateNotUnderstood", `No credentials for ${ruleArn}.`);
  };
