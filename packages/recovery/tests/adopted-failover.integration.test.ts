import { expect, it } from "vitest";
import { makeEstate, putEstateSecret } from "./support/adopted-estate.ts";
import { deployedPair } from "./support/deployed-pair.ts";
import { startOrderLoad } from "./support/order-load.ts";

it("fails a pair over whose databases were there before, and says that the old source is not fenced", async () => {
  await using pair = await deployedPair({ prepare: makeEstate });
  await putEstateSecret(pair.cloud);
  const load = startOrderLoad(pair.cloud, "us-west-2");
  await expect.poll(() => load.acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(0);
  await pair.cloud.lose("us-east-1", "hang");

  const ended = await pair.standby(
    ...["failover", "--yes", "--accept-data-loss", "unknown", "--json"],
  );
  const lostAt = Date.now();
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
  const { activeRegion, next } = JSON.parse(ended.stdout) as {
    readonly activeRegion: string;
    readonly next: readonly string[];
  };
  expect(activeRegion).toBe("us-west-2");
  expect(next[0]).toMatch(/^legacy in us-east-1 was adopted and is not fenced/);
  await expect
    .poll(() => pair.recordTarget(), { timeout: 15_000 })
    .toBe("legacy-copy in us-west-2");
  await expect
    .poll(() => load.acknowledged.some(({ at }) => at > lostAt), { timeout: 30_000 })
    .toBe(true);
  await load.stop();
  expect(await pair.pending("prod-west")).toEqual([]);
}, 600_000);
