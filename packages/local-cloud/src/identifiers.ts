import { createHash, randomBytes } from "node:crypto";

const alphabets = {
  letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
  capitals: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
} as const;

/** Random characters for the ids that AWS makes up. */
export function randomCharacters(length: number, kind: keyof typeof alphabets): string {
  const alphabet = alphabets[kind];
  return [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join("");
}

/** Twelve characters that are the same for one account and Region, as the hash of RDS endpoints is. */
export const stableHash = (...parts: readonly string[]): string => {
  const digest = createHash("sha256").update(parts.join("/")).digest("hex");
  return `c${BigInt(`0x${digest}`).toString(36).slice(0, 11)}`;
};
