import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RotationCloud, type Value } from "./support/rotation-cloud.ts";

let cloud: RotationCloud;
beforeAll(async () => {
  cloud = await RotationCloud.start();
});
afterAll(() => cloud?.cloud.close());

const whoAmI = async (value: Value) =>
  (await cloud.statements(value, "SELECT CURRENT_USER() AS me"))[0]?.["me"];
const refusal = (value: Value) =>
  cloud.statements(value, "SELECT 1").then(
    () => undefined,
    (error: { readonly errno?: number }) => error.errno,
  );

describe("the admin secret", () => {
  it("takes the master user over, the application gets a user of its own, and again changes nothing", async () => {
    const secretArn = await cloud.createSecret({});
    const adminSecretArn = await cloud.createSecret();
    const functionArn = await cloud.deploy({
      secretArn,
      adminSecretArn,
      applicationUsername: "orders_app",
      strategy: "alternating-users",
    });
    const before = await cloud.invoke(functionArn, { Bootstrap: true });
    expect(before).toContain('"outcome":"handed-over"');
    const application = await cloud.value(secretArn);
    expect(application).toMatchObject({ username: "orders_app", team: "orders", dbname: "orders" });
    expect(await whoAmI(application)).toBe("orders_app@%");
    expect(await cloud.value(adminSecretArn)).toMatchObject(cloud.master());
    expect(await cloud.invoke(functionArn, { Bootstrap: true })).toContain('"outcome":"repeated"');
    expect(await cloud.value(secretArn)).toEqual(application);

    await cloud.statements(
      application,
      "CREATE TABLE orders.bootstrapped (id INT PRIMARY KEY)",
      "CREATE DATABASE IF NOT EXISTS standby",
      "SHOW REPLICA STATUS",
    );
    await expect(cloud.statements(application, "CREATE USER x@'%'")).rejects.toMatchObject({
      errno: 1227,
    });

    const clone = await cloud.rotate(secretArn, functionArn);
    expect(clone).toMatchObject({ username: "orders_app_clone", team: "orders" });
    await cloud.statements(clone, "INSERT INTO orders.bootstrapped VALUES (1)");
    // The one that the application still uses elsewhere is as it was.
    expect(await whoAmI(application)).toBe("orders_app@%");

    const third = await cloud.rotate(secretArn, functionArn);
    expect(third.username).toBe("orders_app");
    expect(await refusal(application)).toBe(1045);
    expect(await whoAmI(third)).toBe("orders_app@%");

    const master = await cloud.rotate(adminSecretArn, functionArn);
    expect(master.username).toBe("orders_admin");
    expect(await refusal(cloud.master())).toBe(1045);
    expect((await cloud.rotate(secretArn, functionArn)).username).toBe("orders_app_clone");

    const single = await cloud.deploy({ secretArn, adminSecretArn });
    const renewed = await cloud.rotate(secretArn, single);
    expect(renewed.username).toBe("orders_app_clone");
    expect(await whoAmI(renewed)).toBe("orders_app_clone@%");
  });
});
