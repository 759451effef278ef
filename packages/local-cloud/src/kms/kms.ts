import { accountId } from "../account.ts";
import type { Service } from "../service.ts";
import { aliasAndTagOperations } from "./aliases-and-tags.ts";
import { KeyStore, type KeyUse } from "./key-store.ts";
import { keyOperations } from "./keys.ts";
import { lifecycleOperations } from "./lifecycle.ts";

export interface Kms extends Service {
  /** For the services that encrypt with keys. */
  readonly keys: KeyUse;
}

/** KMS keys as resources: they are described, disabled and deleted, but nothing is encrypted with them. */
export function createKms(): Kms {
  const store = new KeyStore(accountId);
  return {
    name: "kms",
    operations: {
      ...keyOperations(store),
      ...lifecycleOperations(store),
      ...aliasAndTagOperations(store),
    },
    keys: store,
  };
}
