import { rotationStrategies } from "@standby/topology";
import { z } from "zod";

/** `secret.rotation` and `secret.admin` of the primary stack. Messages never repeat a value. */

const days = "must be a whole number within 1 and 1000";

export const rotationKey = z
  .strictObject({
    strategy: z
      .enum(rotationStrategies, { error: "must be single-user or alternating-users" })
      .default("single-user"),
    automaticallyAfterDays: z
      .number({ error: days })
      .int({ error: days })
      .min(1, { error: days })
      .max(1000, { error: days })
      .default(30),
  })
  .optional();

/** MySQL takes 32 characters; the second of two alternating users is named by six more. */
const username =
  "must be lower-case letters, digits and underscores, at most 26, and not end with _clone";

export const adminKey = z
  .strictObject({
    applicationUsername: z
      .string({ error: username })
      .regex(/^(?!rdsadmin$)(?!.*_clone$)[a-z][a-z0-9_]{0,25}$/, { error: username })
      .default("orders_app"),
  })
  .optional();
