/** Names of what the stack deployed. */
export interface Deployment {
  readonly homeTableName: string;
  readonly auditTableName: string;
  readonly runSceneStateMachineArn: string;
}
