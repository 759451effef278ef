import { generationOf } from "@standby/topology";
import { RefusedError } from "./errors.ts";
import type { Side } from "./side.ts";

/**
 * A database that was there before the program is read and never owned: its parameter group may be shared with databases that are
 * nobody's business here, so no command writes into it, and no update fences it.
 */
export const isAdopted = (service: string, { identifier }: { readonly identifier: string }) =>
  generationOf(service, identifier) === undefined;

/** @throws RefusedError before anything is changed, for a move that would have to fence or follow an adopted database. */
export function refuseAdopted(service: string, move: string, sides: readonly Side[]): void {
  for (const { region, outputs } of sides)
    if (isAdopted(service, outputs.database))
      throw new RefusedError(
        `${outputs.database.identifier} in ${region} was adopted: its parameter group is not this program's, so a ${move} cannot fence it.`,
        [],
        [
          `make it refuse writes by its own parameter group (read_only = 1), then go on by hand: docs/first-deployment.md`,
          "standby status",
        ],
      );
}
