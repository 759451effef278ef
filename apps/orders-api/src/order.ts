import * as z from "zod";

/** An order as callers see it. Its id is the idempotency key of the request that made it. */
export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly amountCents: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The Region whose function wrote it. */
  readonly region: string;
  /** The database that took it. */
  readonly databaseHost: string;
}

export const newOrderSchema = z.strictObject({
  customer: z.string().trim().min(1).max(200),
  amountCents: z.int().positive(),
});

export type NewOrder = z.infer<typeof newOrderSchema>;

export const orderIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, - or _, such as a UUID");

export const pageSchema = z.object({
  after: orderIdSchema.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** `customer: too long; amountCents: …` */
export const explain = (error: z.ZodError, name?: string): string =>
  error.issues
    .map(({ path, message }) => `${path.join(".") || name || "body"}: ${message}`)
    .join("; ");
