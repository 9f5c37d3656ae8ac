import { BATCH_GET_ITEM } from "./batch-get-item.ts";
import { BATCH_WRITE_ITEM } from "./batch-write-item.ts";
import { CREATE_TABLE } from "./create-table.ts";
import { DELETE_ITEM } from "./delete-item.ts";
import { DELETE_TABLE } from "./delete-table.ts";
import { DESCRIBE_CONTINUOUS_BACKUPS } from "./describe-continuous-backups.ts";
import { DESCRIBE_TABLE } from "./describe-table.ts";
import { DESCRIBE_TIME_TO_LIVE } from "./describe-time-to-live.ts";
import { GET_ITEM } from "./get-item.ts";
import { LIST_TABLES } from "./list-tables.ts";
import { LIST_TAGS_OF_RESOURCE } from "./list-tags-of-resource.ts";
import type { Operation } from "./operation.ts";
import { PUT_ITEM } from "./put-item.ts";
import { QUERY } from "./query.ts";
import { SCAN } from "./scan.ts";
import { TAG_RESOURCE } from "./tag-resource.ts";
import { TRANSACT_GET_ITEMS } from "./transact-get-items.ts";
import { TRANSACT_WRITE_ITEMS } from "./transact-write-items.ts";
import { UNTAG_RESOURCE } from "./untag-resource.ts";
import { UPDATE_CONTINUOUS_BACKUPS } from "./update-continuous-backups.ts";
import { UPDATE_ITEM } from "./update-item.ts";
import { UPDATE_TABLE } from "./update-table.ts";
import { UPDATE_TIME_TO_LIVE } from "./update-time-to-live.ts";

/** Every operation that is imitated; README.md lists the same ones. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ["BatchGetItem", BATCH_GET_ITEM],
  ["BatchWriteItem", BATCH_WRITE_ITEM],
  ["CreateTable", CREATE_TABLE],
  ["DeleteItem", DELETE_ITEM],
  ["DeleteTable", DELETE_TABLE],
  ["DescribeContinuousBackups", DESCRIBE_CONTINUOUS_BACKUPS],
  ["DescribeTable", DESCRIBE_TABLE],
  ["DescribeTimeToLive", DESCRIBE_TIME_TO_LIVE],
  ["GetItem", GET_ITEM],
  ["ListTables", LIST_TABLES],
  ["ListTagsOfResource", LIST_TAGS_OF_RESOURCE],
  ["PutItem", PUT_ITEM],
  ["Query", QUERY],
  ["Scan", SCAN],
  ["TagResource", TAG_RESOURCE],
  ["TransactGetItems", TRANSACT_GET_ITEMS],
  ["TransactWriteItems", TRANSACT_WRITE_ITEMS],
  ["UntagResource", UNTAG_RESOURCE],
  ["UpdateContinuousBackups", UPDATE_CONTINUOUS_BACKUPS],
  ["UpdateItem", UPDATE_ITEM],
  ["UpdateTable", UPDATE_TABLE],
  ["UpdateTimeToLive", UPDATE_TIME_TO_LIVE],
]);
