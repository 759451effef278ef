import { generationOf, parseRdsEndpoint } from "@standby/topology";
import type { LiveRecord } from "./actions.ts";
import type { Deployment } from "./observation.ts";
import { plain } from "./observe-record.ts";

/** Whether the CNAME names a database of the pair: one of its generations in either Region, or one that it adopted. */
export function namesThePair(
  { value }: LiveRecord,
  { service, primaryRegion, recoveryRegion, primary, recovery }: Deployment,
): boolean {
  const address = plain(value);
  if ([primary, recovery].some(({ database }) => database.address === address)) return true;
  const endpoint = parseRdsEndpoint(address);
  return (
    endpoint !== undefined &&
    [primaryRegion, recoveryRegion].includes(endpoint.region) &&
    generationOf(service, endpoint.identifier) !== undefined
  );
}

export const leadsTo = (record: LiveRecord | undefined, address: string | undefined): boolean =>
  record !== undefined && address !== undefined && plain(record.value) === plain(address);
