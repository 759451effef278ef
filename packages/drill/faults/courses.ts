import type { DnsSwitch } from "@standby/topology";
import type { Course } from "./scenario.ts";
import { contestedFailover } from "./scenarios/contested.ts";
import { connectionsExhausted, parametersDrift, primaryDestroyed } from "./scenarios/database.ts";
import { lostRegionFailover, returnOfRegion } from "./scenarios/lost-region.ts";
import { recordBeforePromotion, recordDeleted, recordOfStranger } from "./scenarios/record.ts";
import { applyingStopped, lagging, notReceiving } from "./scenarios/replication.ts";
import {
  keyDisabled,
  keyNotGranted,
  policyDenies,
  secretDeleted,
  secretMalformed,
} from "./scenarios/secret.ts";
import { stateUnreadable } from "./scenarios/state-lost.ts";
import { lostRegionSwitched, metricBeforePromotion } from "./scenarios/switched.ts";

/** A failover cannot be taken back: each of the two has a pair of its own. */
export const coursesOf = (dnsSwitch: DnsSwitch): readonly Course[] => [
  {
    name: "one fault after the other, then a Region that does not answer",
    scenarios: [
      notReceiving,
      applyingStopped,
      lagging,
      keyNotGranted,
      policyDenies,
      keyDisabled,
      secretMalformed,
      secretDeleted,
      recordOfStranger,
      dnsSwitch === "record" ? recordBeforePromotion : metricBeforePromotion,
      recordDeleted,
      parametersDrift,
      connectionsExhausted,
      dnsSwitch === "record" ? lostRegionFailover : lostRegionSwitched,
      returnOfRegion,
      primaryDestroyed,
    ],
  },
  { name: "a Region that answers 503", scenarios: [contestedFailover] },
  { name: "no state to run the program with", scenarios: [stateUnreadable] },
];
