import type { Request } from "../../src/http.ts";

/** A request as an adapter hands it on. */
export const request = (
  method: string,
  path: string,
  more: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array;
  } = {},
): Request => ({
  id: "request-1",
  method,
  path,
  query: more.query ?? {},
  headers: more.headers ?? {},
  body: Buffer.from(more.body ?? ""),
});

export const creation = (key: string, body: string | Uint8Array): Request =>
  request("POST", "/orders", {
    headers: { "content-type": "application/json", "idempotency-key": key },
    body,
  });

/** Bodies that are no order, and what the answer must name. */
export const badBodies: readonly (readonly [string, string | Uint8Array, number, string])[] = [
  ["nothing", "", 400, "body"],
  ["no JSON", "{", 400, "body"],
  ["no UTF-8", Uint8Array.from([0x22, 0xff, 0x22]), 400, "body"],
  ["a list", "[]", 400, "body"],
  ["null", "null", 400, "body"],
  ["a text", '"hunter2"', 400, "body"],
  ["no customer", '{"amountCents":1}', 400, "customer"],
  ["an empty customer", '{"customer":" ","amountCents":1}', 400, "customer"],
  ["a number as customer", '{"customer":7,"amountCents":1}', 400, "customer"],
  ["a long customer", `{"customer":"${"x".repeat(201)}","amountCents":1}`, 400, "customer"],
  ["half a character", '{"customer":"\\ud800","amountCents":1}', 400, "customer"],
  ["no amount", '{"customer":"a"}', 400, "amountCents"],
  ["an amount of 0", '{"customer":"a","amountCents":0}', 400, "amountCents"],
  ["a negative amount", '{"customer":"a","amountCents":-1}', 400, "amountCents"],
  ["a broken amount", '{"customer":"a","amountCents":1.5}', 400, "amountCents"],
  ["an amount as text", '{"customer":"a","amountCents":"1"}', 400, "amountCents"],
  ["an amount beyond 2^53", '{"customer":"a","amountCents":9007199254740993}', 400, "amountCents"],
  ["an endless amount", '{"customer":"a","amountCents":1e999}', 400, "amountCents"],
  ["an unknown field", '{"customer":"a","amountCents":1,"extra":1}', 400, "extra"],
  ["an id of its own", '{"customer":"a","amountCents":1,"id":"x"}', 400, "id"],
  ["too many bytes", `{"customer":"a","amountCents":1}${" ".repeat(16 * 1024)}`, 413, "body"],
];

export const badKeys = ["", "a b", "x".repeat(65), "a/b", "ключ", "a,b", "'; DROP TABLE orders"];
