export { handler } from "./handler.ts";
export type { Order } from "./order.ts";
