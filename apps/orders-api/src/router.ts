import type { Pool } from "mysql2/promise";
import { Orders } from "./orders.ts";
import { createOrder } from "./routes/create-order.ts";
import { health } from "./routes/health.ts";
import { type HttpReply, type HttpRequest, refusal } from "./routes/http-event.ts";
import { listOrders, readOrder } from "./routes/read-orders.ts";

export interface Service {
  readonly pool: Pool;
  readonly region: string;
}

/** The whole HTTP surface. */
export async function route(request: HttpRequest, { pool, region }: Service): Promise<HttpReply> {
  if (!request.segments) return refusal(400, "bad-request", "path: is not valid");
  const [resource, id, ...rest] = request.segments;
  const orders = new Orders(pool, region);
  switch (
    rest.length === 0 ? `${request.method} /${resource}${id === undefined ? "" : "/{id}"}` : ""
  ) {
    case "POST /orders":
      return createOrder(request, orders);
    case "GET /orders":
      return listOrders(request, orders);
    case "GET /orders/{id}":
      return readOrder(id ?? "", orders);
    case "GET /health":
      return health(pool, region);
    default:
      return refusal(404, "not-found", "use /orders, /orders/{id} or /health");
  }
}
