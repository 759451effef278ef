import { explain, newOrderSchema, orderIdSchema } from "../order.ts";
import type { Orders } from "../orders.ts";
import { type HttpReply, type HttpRequest, refusal } from "./http-event.ts";

/** `POST /orders`: 201 the first time, 200 with the stored order for the same key and body, 409 for another body. */
export async function createOrder(request: HttpRequest, orders: Orders): Promise<HttpReply> {
  const key = orderIdSchema.safeParse(request.headers["idempotency-key"]);
  if (!key.success)
    return refusal(400, "bad-request", explain(key.error, "Idempotency-Key header"));
  let json: unknown;
  try {
    json = JSON.parse(request.body);
  } catch {
    return refusal(400, "bad-request", "body: must be JSON");
  }
  const order = newOrderSchema.safeParse(json);
  if (!order.success) return refusal(400, "bad-request", explain(order.error));
  const result = await orders.create(key.data, order.data);
  if (result.outcome === "conflict")
    return refusal(
      409,
      "idempotency-key-reused",
      "this Idempotency-Key was used for another order: nothing was written",
    );
  return { status: result.outcome === "created" ? 201 : 200, body: result.order };
}
