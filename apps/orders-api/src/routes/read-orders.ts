import { explain, orderIdSchema, pageSchema } from "../order.ts";
import type { Orders } from "../orders.ts";
import { type HttpReply, type HttpRequest, refusal } from "./http-event.ts";

/** `GET /orders/{id}` */
export async function readOrder(id: string, orders: Orders): Promise<HttpReply> {
  const parsed = orderIdSchema.safeParse(id);
  if (!parsed.success) return refusal(400, "bad-request", explain(parsed.error, "id"));
  const order = await orders.find(parsed.data);
  return order ? { status: 200, body: order } : refusal(404, "not-found", "no order has this id");
}

/** `GET /orders?after=<id>&limit=<1..1000>`: in the order of ids; `next` is the `after` of the next page. */
export async function listOrders(request: HttpRequest, orders: Orders): Promise<HttpReply> {
  const page = pageSchema.safeParse(request.query);
  if (!page.success) return refusal(400, "bad-request", explain(page.error, "query"));
  const found = await orders.list(page.data.after, page.data.limit);
  const last = found.at(-1);
  const next = found.length === page.data.limit && last ? { next: last.id } : {};
  return { status: 200, body: { orders: found, ...next } };
}
