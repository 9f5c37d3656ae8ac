import { BATCH_GET_ITEM } from "./items/batch-get-item.ts";
import { BATCH_WRITE_ITEM } from "./items/batch-write-item.ts";
import { DELETE_ITEM } from "./items/delete-item.ts";
import { GET_ITEM } from "./items/get-item.ts";
import { PUT_ITEM } from "./items/put-item.ts";
import { QUERY } from "./items/query.ts";
import { SCAN } from "./items/scan.ts";
import { TRANSACT_GET_ITEMS } from "./items/transact-get-items.ts";
import { TRANSACT_WRITE_ITEMS } from "./items/transact-write-items.ts";
import { UPDATE_ITEM } from "./items/update-item.ts";
import type { DynamoDbOperation } from "./store/operation.ts";
import { CREATE_TABLE } from "./tables/create-table.ts";
import { DELETE_TABLE } from "./tables/delete-table.ts";
import { DESCRIBE_CONTINUOUS_BACKUPS } from "./tables/describe-continuous-backups.ts";
import { DESCRIBE_TABLE } from "./tables/describe-table.ts";
import { DESCRIBE_TIME_TO_LIVE } from "./tables/describe-time-to-live.ts";
import { LIST_TABLES } from "./tables/list-tables.ts";
import { LIST_TAGS_OF_RESOURCE } from "./tables/list-tags-of-resource.ts";
import { TAG_RESOURCE } from "./tables/tag-resource.ts";
import { UNTAG_RESOURCE } from "./tables/untag-resource.ts";
import { UPDATE_CONTINUOUS_BACKUPS } from "./tables/update-continuous-backups.ts";
import { UPDATE_TABLE } from "./tables/update-table.ts";
import { UPDATE_TIME_TO_LIVE } from "./tables/update-time-to-live.ts";

/** Every operation that is imitated; README.md lists the same ones. */
export const OPERATIONS: readonly DynamoDbOperation[] = [
  BATCH_GET_ITEM,
  BATCH_WRITE_ITEM,
  CREATE_TABLE,
  DELETE_ITEM,
  DELETE_TABLE,
  DESCRIBE_CONTINUOUS_BACKUPS,
  DESCRIBE_TABLE,
  DESCRIBE_TIME_TO_LIVE,
  GET_ITEM,
  LIST_TABLES,
  LIST_TAGS_OF_RESOURCE,
  PUT_ITEM,
  QUERY,
  SCAN,
  TAG_RESOURCE,
  TRANSACT_GET_ITEMS,
  TRANSACT_WRITE_ITEMS,
  UNTAG_RESOURCE,
  UPDATE_CONTINUOUS_BACKUPS,
  UPDATE_ITEM,
  UPDATE_TABLE,
  UPDATE_TIME_TO_LIVE,
];
