import {
  DeleteScheduleCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import type { HomeId } from "#domain/home/home-id.ts";
import type { Registry } from "../devices/registry.ts";

/** Takes away everything that the scheduler holds of a home, whether its records tell of it or not. */
export const unplaceHome = async (
  { output, clientOptions }: Pick<Registry, "output" | "clientOptions">,
  home: HomeId,
): Promise<void> => {
  const GroupName = output("ScheduleGroupName");
  const client = new SchedulerClient(clientOptions);
  try {
    // The full stop ends the home's id: no other home's schedule begins so. (eventbridge-schedule.ts)
    const pages = paginateListSchedules({ client }, { GroupName, NamePrefix: `${home}.` });
    const names: string[] = [];
    for await (const { Schedules = [] } of pages) {
      for (const { Name } of Schedules) if (Name !== undefined) names.push(Name);
    }
    for (const Name of names) await deleteSchedule(client, { GroupName, Name });
  } finally {
    client.destroy();
  }
};

const deleteSchedule = async (
  client: SchedulerClient,
  which: { readonly GroupName: string; readonly Name: string },
): Promise<void> => {
  try {
    await client.send(new DeleteScheduleCommand(which));
  } catch (error) {
    // A single firing that came meanwhile takes itself away.
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
};
