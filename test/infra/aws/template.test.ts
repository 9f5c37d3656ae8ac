import { describe, expect, test } from "vitest";
import { propertiesOf, resourcesOf, synthesizedTemplate } from "./synthesized.ts";

const template = synthesizedTemplate();

// REQ: retention
test("the tables are on demand, recover to any second, and cannot be deleted by accident", () => {
  const tables = resourcesOf(template, "AWS::DynamoDB::GlobalTable");

  const safe = {
    Region: "<AWS::Region>",
    DeletionProtectionEnabled: true,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  };
  const key = [
    { AttributeName: "PK", KeyType: "HASH" },
    { AttributeName: "SK", KeyType: "RANGE" },
  ];
  expect(Object.fromEntries(tables)).toEqual({
    TablesHomeTable: {
      AttributeDefinitions: [
        { AttributeName: "PK", AttributeType: "S" },
        { AttributeName: "SK", AttributeType: "S" },
        { AttributeName: "memberOf", AttributeType: "S" },
      ],
      KeySchema: key,
      BillingMode: "PAY_PER_REQUEST",
      GlobalSecondaryIndexes: [
        {
          IndexName: "members",
          KeySchema: [
            { AttributeName: "memberOf", KeyType: "HASH" },
            { AttributeName: "PK", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      TimeToLiveSpecification: { AttributeName: "goneAt", Enabled: true },
      Replicas: [{ ...safe, GlobalSecondaryIndexes: [{ IndexName: "members" }] }],
    },
    TablesAuditTable: {
      AttributeDefinitions: [
        { AttributeName: "PK", AttributeType: "S" },
        { AttributeName: "SK", AttributeType: "S" },
        { AttributeName: "seal", AttributeType: "S" },
        { AttributeName: "recordedAt", AttributeType: "N" },
        { AttributeName: "homeDay", AttributeType: "S" },
        { AttributeName: "requestedAt", AttributeType: "S" },
        { AttributeName: "dayShard", AttributeType: "S" },
        { AttributeName: "thing", AttributeType: "S" },
        { AttributeName: "acknowledgedAt", AttributeType: "N" },
      ],
      KeySchema: key,
      BillingMode: "PAY_PER_REQUEST",
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: "bySeal",
          KeySchema: [
            { AttributeName: "seal", KeyType: "HASH" },
            { AttributeName: "recordedAt", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
        {
          IndexName: "byHomeDay",
          KeySchema: [
            { AttributeName: "homeDay", KeyType: "HASH" },
            { AttributeName: "requestedAt", KeyType: "RANGE" },
          ],
          Projection: {
            ProjectionType: "INCLUDE",
            NonKeyAttributes: [
              "v",
              "home",
              "run",
              "scene",
              "caller",
              "role",
              "visitReason",
              "reason",
              "requestId",
              "planHash",
              "askedDevices",
              "result",
              "deviceCount",
              "confirmedCount",
              "finishedAt",
            ],
          },
        },
        {
          IndexName: "byFleetDay",
          KeySchema: [
            { AttributeName: "dayShard", KeyType: "HASH" },
            { AttributeName: "requestedAt", KeyType: "RANGE" },
          ],
          Projection: {
            ProjectionType: "INCLUDE",
            NonKeyAttributes: ["v", "home", "run", "scene", "result"],
          },
        },
        {
          IndexName: "byDevice",
          KeySchema: [
            { AttributeName: "thing", KeyType: "HASH" },
            { AttributeName: "acknowledgedAt", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      Replicas: [
        {
          ...safe,
          TableClass: "STANDARD_INFREQUENT_ACCESS",
          GlobalSecondaryIndexes: [
            { IndexName: "bySeal" },
            { IndexName: "byHomeDay" },
            { IndexName: "byFleetDay" },
            { IndexName: "byDevice" },
          ],
        },
      ],
    },
    TablesLogTable: {
      AttributeDefinitions: [
        { AttributeName: "PK", AttributeType: "S" },
        { AttributeName: "SK", AttributeType: "S" },
      ],
      KeySchema: key,
      BillingMode: "PAY_PER_REQUEST",
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      Replicas: [safe],
    },
  });
});

test("tables and users outlive the stack but not a first deployment that fails, unless it is told not to protect them", () => {
  const unprotected = synthesizedTemplate({ protectData: false });

  const stores = [
    "TablesHomeTable",
    "TablesAuditTable",
    "TablesLogTable",
    "AuditLogKey",
    "SignInUserPool",
  ];
  const policies = (of: typeof template) =>
    stores.map((store) => of.resources.get(store)?.deletionPolicy);
  expect(policies(template)).toEqual(stores.map(() => "RetainExceptOnCreate"));
  expect(propertiesOf(template, "SignInUserPool").DeletionProtection).toBe("ACTIVE");
  expect(policies(unprotected)).toEqual(["Delete", "Delete", "Delete", "Delete", "Delete"]);
  expect(propertiesOf(unprotected, "SignInUserPool").DeletionProtection).toBe("INACTIVE");
  expect(unprotected.text).toContain('"DeletionProtectionEnabled": false');
});

describe("functions", () => {
  const NO_PREFIX = { THING_PREFIX: "" };
  const AUDIT_TABLE = { AUDIT_TABLE_NAME: "<TablesAuditTable>" };

  const PLACING = {
    SCHEDULE_GROUP: "smarthome-schedules",
    SCHEDULE_ROLE_ARN: "<SchedulesRole.Arn>",
    START_SCHEDULED_SCENE_ARN:
      "arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:smarthome-start-scheduled-scene",
    SCHEDULE_DEAD_LETTERS_ARN: "<SchedulesDeadLetters.Arn>",
  };

  test.for([
    [
      "Home",
      "home",
      60,
      384,
      {
        ...AUDIT_TABLE,
        HOME_TABLE_NAME: "<TablesHomeTable>",
        RUN_SCENE_STATE_MACHINE_ARN: "<RunSceneStateMachine>",
        ...NO_PREFIX,
        ...PLACING,
      },
    ],
    ["Fleet", "fleet", 30, 512, { ...AUDIT_TABLE, HOME_TABLE_NAME: "<TablesHomeTable>" }],
    [
      "AuditTools",
      "audit",
      30,
      512,
      {
        ...AUDIT_TABLE,
        HOME_TABLE_NAME: "<TablesHomeTable>",
        LOG_TABLE_NAME: "<TablesLogTable>",
        LOG_KEY_ARN: "<AuditLogKey.Arn>",
        ...NO_PREFIX,
      },
    ],
    ["RunScenePublishCommands", "publish-commands", 20, 1024, { ...AUDIT_TABLE, ...NO_PREFIX }],
    [
      "RunSceneAwaitAcknowledgements",
      "await-acknowledgements",
      15,
      256,
      { ...AUDIT_TABLE, ...NO_PREFIX },
    ],
    ["RunSceneConcludeRun", "conclude-run", 25, 1024, { ...AUDIT_TABLE, ...NO_PREFIX }],
    [
      "ToolGatewayInterceptToolCall",
      "intercept-tool-call",
      10,
      512,
      { ...AUDIT_TABLE, GATEWAY_NAME: "smarthome-gateway" },
    ],
    ["SignInGrantScopes", "grant-scopes", 5, 256, {}],
    [
      "ScheduledScenesStartScheduledScene",
      "start-scheduled-scene",
      120,
      256,
      {
        ...AUDIT_TABLE,
        HOME_TABLE_NAME: "<TablesHomeTable>",
        MACHINE_SECRET_ARN: "<ScheduledScenesMachineClientSecret>",
        TOKEN_URL:
          "https://<SignInUserPoolDomain>.auth.<AWS::Region>.amazoncognito.com/oauth2/token",
        GATEWAY_URL: "<ToolGateway.GatewayUrl>",
      },
    ],
    [
      "ScheduledScenesRefreshSunSchedules",
      "refresh-sun-schedules",
      900,
      512,
      { ...AUDIT_TABLE, HOME_TABLE_NAME: "<TablesHomeTable>", ...PLACING },
    ],
    [
      "AuditLogSealRecords",
      "seal-records",
      60,
      512,
      {
        ...AUDIT_TABLE,
        LOG_TABLE_NAME: "<TablesLogTable>",
        LOG_KEY_ARN: "<AuditLogKey.Arn>",
      },
    ],
    [
      "RunSweeperSweepRuns",
      "sweep-runs",
      60,
      256,
      { ...AUDIT_TABLE, ...NO_PREFIX, LOG_TABLE_NAME: "<TablesLogTable>" },
    ],
  ] as const)("%s has its own role, log and limits", ([id, name, timeout, memory, variables]) => {
    const {
      Code,
      Description,
      FunctionName: _,
      ...properties
    } = propertiesOf(template, `${id}Function`);

    expect(properties).toEqual({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      Timeout: timeout,
      MemorySize: memory,
      Role: `<${id}Role.Arn>`,
      LoggingConfig: { LogFormat: "JSON", LogGroup: `<${id}Log>` },
      TracingConfig: { Mode: "Active" },
      Environment: {
        Variables: {
          ...variables,
          RECORD_RETENTION_DAYS: "400",
          NODE_OPTIONS: "--enable-source-maps",
          POWERTOOLS_SERVICE_NAME: name,
          POWERTOOLS_METRICS_NAMESPACE: "SmarthomeScenes",
        },
      },
    });
    expect(Description).toMatch(/^[A-Z].{20,}\.$/);
    expect(JSON.stringify(Code)).toMatch(/"S3Key":"[0-9a-f]{64}\.zip"/);
  });

  test("there are no others: none that CDK brings along", () => {
    const functions = resourcesOf(template, "AWS::Lambda::Function");

    expect(functions.size).toBe(13);
    expect([...template.resources.values()].some(({ type }) => type.startsWith("Custom::"))).toBe(
      false,
    );
  });
});

// REQ: retention
test("logs are kept for a month, or as long as one says", () => {
  const longer = synthesizedTemplate({ logRetention: 365 });

  const retention = (of: typeof template) =>
    [...resourcesOf(of, "AWS::Logs::LogGroup").values()].map((group) => group.RetentionInDays);
  expect(retention(template)).toEqual(Array(15).fill(30));
  expect(new Set(retention(longer))).toEqual(new Set([365]));
});

describe("IoT rules", () => {
  const errorAction = {
    CloudwatchLogs: {
      LogGroupName: "<TopicRulesErrors>",
      RoleArn: "<TopicRulesWriteErrors.Arn>",
    },
  };

  // REQ: device-speaks-for-itself
  test("an acknowledgement is recorded once, under the thing of its topic, with the state before and after", () => {
    const rule = propertiesOf(template, "TopicRulesRecordAcknowledgement");

    expect(rule).toEqual({
      RuleName: "smarthome_record_acknowledgement",
      TopicRulePayload: {
        AwsIotSqlVersion: "2016-03-23",
        Description: "Puts each acknowledgement of a device into the audit table.",
        Sql: [
          "SELECT",
          "  concat('HOME#', regexp_replace(topic(3), '^([a-z][a-z0-9_]*)-[a-z][a-z0-9_]*$', '$1'), '#RUN#', current.state.reported.command.run) AS PK,",
          "  concat('ACK#', topic(3), '#', current.state.reported.command.stage, '#', current.version, '#', timestamp()) AS SK,",
          "  1 AS v,",
          "  timestamp() AS recordedAt,",
          "  concat(parse_time('yyyy-MM-dd', timestamp()), '#', nanvl(regexp_substr(current.state.reported.command.run, '[0-9a-f]'), '0')) AS seal,",
          "  timestamp + 34560000 AS expiresAt,",
          "  regexp_replace(topic(3), '^([a-z][a-z0-9_]*)-[a-z][a-z0-9_]*$', '$1') AS home,",
          "  topic(3) AS thing,",
          "  current.state.reported.command AS command,",
          "  previous.state.reported AS before,",
          "  current.state.reported AS after,",
          "  current.state.desired AS asked,",
          "  current.metadata.desired.command.id.timestamp AS askedAt,",
          "  timestamp() AS acknowledgedAt,",
          "  current.version AS version",
          "FROM '$aws/things/+/shadow/update/documents'",
          "WHERE regexp_matches(topic(3), '^([a-z][a-z0-9_]*)-[a-z][a-z0-9_]*$')",
          "  AND regexp_matches(current.state.reported.command.run, '^run_[0-9a-hjkmnp-tv-z]{20}$')",
          "  AND NOT regexp_matches(current.state.reported.command.run, '[^0-9a-z_]')",
          "  AND current.state.reported.command.stage = cast(current.state.reported.command.stage AS Int)",
          "  AND current.state.reported.command.stage >= 0",
          "  AND current.state.reported.command.stage <= 9",
          "  AND current.state.reported.command.id <> nanvl(previous.state.reported.command.id, '')",
        ].join("\n"),
        Actions: [
          {
            DynamoDBv2: {
              PutItem: { TableName: "<TablesAuditTable>" },
              RoleArn: "<TopicRulesPutAcknowledgements.Arn>",
            },
          },
        ],
        ErrorAction: errorAction,
      },
    });
  });

  // REQ: change-without-run
  test("what a device changes without a command is recorded: what a command could have set, and no sensor's reading", () => {
    const rule = propertiesOf(template, "TopicRulesRecordChange");

    expect(rule).toMatchObject({
      RuleName: "smarthome_record_change",
      TopicRulePayload: {
        Sql: [
          "SELECT",
          "  concat('HOME#', regexp_replace(topic(3), '^([a-z][a-z0-9_]*)-[a-z][a-z0-9_]*$', '$1'), '#CHANGE#', parse_time('yyyy-MM', timestamp())) AS PK,",
          "  concat(parse_time('yyyy-MM-dd', timestamp()), 'T', parse_time('HH:mm:ss.SSS', timestamp()), 'Z#', topic(3), '#', current.version) AS SK,",
          "  1 AS v,",
          "  timestamp() AS recordedAt,",
          "  concat(parse_time('yyyy-MM-dd', timestamp()), '#', nanvl(regexp_substr(cast(current.version AS String), '[0-9]$'), '0')) AS seal,",
          "  timestamp + 34560000 AS expiresAt,",
          "  regexp_replace(topic(3), '^([a-z][a-z0-9_]*)-[a-z][a-z0-9_]*$', '$1') AS home,",
          "  'reported' AS change,",
          "  topic(3) AS thing,",
          "  previous.state.reported AS before,",
          "  current.state.reported AS after,",
          "  timestamp() AS acknowledgedAt,",
          "  current.version AS version",
          "FROM '$aws/things/+/shadow/update/documents'",
          "WHERE regexp_matches(topic(3), '^([a-z][a-z0-9_]*)-[a-z][a-z0-9_]*$')",
          "  AND NOT isUndefined(previous.state.reported)",
          "  AND nanvl(current.state.reported.command.id, '') = nanvl(previous.state.reported.command.id, '')",
          "  AND (",
          ...[
            "light.on",
            "light.brightness",
            "light.colorTempK",
            "light.hue",
            "light.saturation",
            "light.effect",
            "plug.on",
            "lock.locked",
            "cover.position",
            "cover.tilt",
            "climate.mode",
            "climate.targetC",
            "media.playback",
            "media.volume",
            "media.source",
            "alarm.mode",
            "fan.on",
            "fan.speed",
            "fan.oscillating",
            "vacuum.activity",
            "humidifier.on",
            "humidifier.targetHumidity",
          ].map(
            (value, at) =>
              `    ${at === 0 ? "" : "OR "}nanvl(current.state.reported.${value}, '') <> nanvl(previous.state.reported.${value}, '')`,
          ),
          "  )",
        ].join("\n"),
        Actions: [
          {
            DynamoDBv2: {
              PutItem: { TableName: "<TablesAuditTable>" },
              RoleArn: "<TopicRulesPutChanges.Arn>",
            },
          },
        ],
        ErrorAction: errorAction,
      },
    });
  });

  test("a last will becomes the shadow's online: false, whatever the will says", () => {
    const rule = propertiesOf(template, "TopicRulesRepublishLastWill");

    expect(rule.TopicRulePayload).toEqual({
      AwsIotSqlVersion: "2016-03-23",
      Description: "Reports a device offline in its shadow when the broker sends its last will.",
      Sql: [
        "SELECT false AS state.reported.online FROM 'smarthome/+/last-will'",
        "WHERE regexp_matches(topic(2), '^([a-z][a-z0-9_]*)-[a-z][a-z0-9_]*$')",
      ].join("\n"),
      Actions: [
        {
          Republish: {
            Topic: "$$aws/things/${topic(2)}/shadow/update",
            Qos: 1,
            RoleArn: "<TopicRulesRepublishLastWills.Arn>",
          },
        },
      ],
      ErrorAction: errorAction,
    });
  });
});

test("outputs tell what a person needs to connect, and no secret", () => {
  expect(template.outputs).toEqual({
    DevicePolicyName: "<DevicePolicySmarthomeDevice>",
    GatewayUrl: "<ToolGateway.GatewayUrl>",
    Issuer: "<SignInUserPool.ProviderURL>",
    SignInDomain: "https://<SignInUserPoolDomain>.auth.<AWS::Region>.amazoncognito.com",
    UserPoolId: "<SignInUserPool>",
    MachineClientId: "<SignInClientsMachine>",
    ClaudeWebClientId: "<SignInClientsClaudeWeb>",
    LocalClientId: "<SignInClientsLocal>",
    ConsoleClientId: "<SignInClientsConsole>",
    ConsoleUrl: "https://<ConsoleDistribution.DomainName>",
    ConsoleBucket: "<ConsoleFiles>",
    HomeTableName: "<TablesHomeTable>",
    AuditTableName: "<TablesAuditTable>",
    ScheduleGroupName: "smarthome-schedules",
    ScheduleRoleArn: "<SchedulesRole.Arn>",
    StartScheduledSceneArn:
      "arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:smarthome-start-scheduled-scene",
    ScheduleDeadLettersArn: "<SchedulesDeadLetters.Arn>",
    ScheduleDeadLettersUrl: "<SchedulesDeadLetters>",
    ScheduledSceneFailuresUrl: "<ScheduledScenesFailures>",
    RunSceneLogGroupName: "<RunSceneLog>",
    LogTableName: "<TablesLogTable>",
    LogKeyArn: "<AuditLogKey.Arn>",
    RecordRetentionDays: "400",
    AlarmTopicArn: "<AlarmTopic>",
  });
});

test("the sealer runs every minute, and its key signs with Ed25519", () => {
  expect(propertiesOf(template, "AuditLogEveryMinute")).toMatchObject({
    ScheduleExpression: "rate(1 minute)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: { Arn: "<AuditLogSealRecordsFunction.Arn>", RoleArn: "<AuditLogScheduleRole.Arn>" },
  });
  expect(propertiesOf(template, "AuditLogKey")).toEqual({
    Description: "Signs the heads of the homes' audit logs.",
    KeySpec: "ECC_NIST_EDWARDS25519",
    KeyUsage: "SIGN_VERIFY",
  });
});

// REQ: sweeper
test("the sweeper runs every minute, and what one pass could not do is the next one's", () => {
  expect(propertiesOf(template, "RunSweeperEveryMinute")).toMatchObject({
    ScheduleExpression: "rate(1 minute)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: "<RunSweeperSweepRunsFunction.Arn>",
      RoleArn: "<RunSweeperScheduleRole.Arn>",
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    },
  });
});

test("the template holds no secret, and asks for one alone: the machine client's, for its own keeping", () => {
  const suspicious = [
    /\{\{resolve:/,
    /AKIA[0-9A-Z]{16}/,
    /-----BEGIN/,
    /eyJ[A-Za-z0-9_-]{10,}/,
    /"[A-Za-z]*(?:Password|Secret|ApiKey)": "/,
  ];

  expect(suspicious.filter((pattern) => pattern.test(template.text))).toEqual([]);
  // The one place that speaks of one: CloudFormation fills it in when it deploys.
  const { SecretString, ...others } = propertiesOf(template, "ScheduledScenesMachineClientSecret");
  expect(SecretString).toBe(
    '{"clientId":"<SignInClientsMachine>","clientSecret":"<SignInClientsMachine.ClientSecret>"}',
  );
  expect(Object.keys(others)).toEqual(["Description"]);
  // Its logical id, in what refers to it, aside.
  expect(template.text.match(/(?<!Machine)ClientSecret"/g)).toEqual(['ClientSecret"']);
});
