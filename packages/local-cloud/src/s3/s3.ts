import type { Service } from "../service.ts";
import { BucketStore } from "./bucket-store.ts";
import { bucketOperations } from "./buckets.ts";
import { listingOperations } from "./listing.ts";
import { objectOperations } from "./objects.ts";

/** S3: buckets with versions, objects with conditional writes. A lost Region's buckets go with it, and nothing replicates them. */
export function createS3(): Service {
  const store = new BucketStore();
  return {
    name: "s3",
    operations: {
      ...bucketOperations(store),
      ...objectOperations(store),
      ...listingOperations(store),
    },
  };
}
