import { randomInt } from "node:crypto";

/**
 * RDS takes at most 41 printable characters without / @ " and space; these need no quoting in SQL, JSON, a shell or a URL. One of
 * each group, for the server's own policy of passwords.
 */
const groups = ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789", "_-"];
const alphabet = groups.join("");
const length = 40;

/** A password that nobody has seen: about 240 bits. */
export function newPassword(): string {
  for (;;) {
    const password = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
    if (groups.every((group) => [...group].some((character) => password.includes(character))))
      return password;
  }
}
