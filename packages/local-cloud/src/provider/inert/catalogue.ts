import { access } from "./access.ts";
import type { InertType } from "./inert-type.ts";
import { network } from "./network.ts";
import { watching } from "./watching.ts";

export const inertCatalogue: Readonly<Record<string, InertType>> = {
  ...network,
  ...access,
  ...watching,
};
