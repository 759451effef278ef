import type { ResolveAnswer } from "@standby/topology";
import type { Surroundings } from "../database.ts";
import { askCname } from "../dns-question.ts";

/** What the VPC's resolver says now, with the time for which it may keep that answer. */
export const resolve = (host: string, { signal }: Surroundings): Promise<ResolveAnswer> =>
  askCname(host, signal);
