import { expect, it } from "vitest";
import { newPassword } from "../src/password.ts";

it("makes a password that RDS takes, that needs no quoting anywhere, and that is never the same", () => {
  const passwords = Array.from({ length: 500 }, newPassword);
  expect(new Set(passwords).size).toBe(500);
  for (const password of passwords) {
    expect(password).toMatch(/^[A-Za-z0-9_-]{40}$/);
    for (const group of [/[A-Z]/, /[a-z]/, /\d/, /[_-]/]) expect(password).toMatch(group);
  }
});
