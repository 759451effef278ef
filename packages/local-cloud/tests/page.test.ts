import { expect, test } from "vitest";
import { pageOf } from "../src/page.ts";
import { AwsError } from "../src/service.ts";

const invalidToken = () => new AwsError("InvalidToken", "not one of ours");
const page = (token?: string, limit = 2) =>
  pageOf(["a", "b", "c", "d"], { limit, token, invalidToken });

test("pages follow each other by their tokens, and the last has none", () => {
  const first = page();
  expect(first.items).toEqual(["a", "b"]);
  const second = page(first.nextToken);
  expect(second).toEqual({ items: ["c", "d"], nextToken: undefined });
});

test("a list that fits has one page", () => {
  expect(page(undefined, 4)).toEqual({ items: ["a", "b", "c", "d"], nextToken: undefined });
});

test.each(["", "2", "YWZ0ZXI6eA", "!!"])("the token %j is refused", (token) => {
  expect(() => page(token)).toThrow("not one of ours");
});
