import { describe, expect, it } from "vitest";
import { addressOf } from "./mock-aws.ts";
import { failure, run, type World } from "./stack-mocks.ts";
import { firstWest, laterWest } from "./worlds.ts";

const eastAddress = addressOf("orders-prod-1", "us-east-1");
const name = "db.orders.internal";
const existing = (target: string) => ({
  "standby:record": JSON.stringify({ ttlSeconds: 20, existing: { target } }),
});
const withRecords = (world: World, records: NonNullable<World["records"]>): World => ({
  ...world,
  records: [...records, { name: `other-${name}`, values: ["elsewhere.internal"] }],
});
const record = async (world: World) => {
  const program = await run(world);
  const { inputs, options } = program.resource("aws:route53/record:Record", "record");
  return { inputs, options, warnings: program.warnings, outputs: program.outputs };
};

describe("a record that is there already", () => {
  it("is imported with everything left as it is", async () => {
    const live = [{ name, values: ["old.internal."], ttlSeconds: 300 }];
    const { inputs, options, warnings, outputs } = await record(
      withRecords(firstWest(existing("old.internal")), live),
    );
    expect(inputs).toEqual({
      zoneId: "Z123",
      name,
      type: "CNAME",
      ttl: 300,
      records: ["old.internal."],
    });
    expect(options).toMatchObject({ importId: `Z123_${name}_CNAME`, protect: true });
    expect(warnings).toEqual([
      expect.stringContaining(`moves it from old.internal to ${eastAddress}`),
    ]);
    expect(outputs["recordRegion"]).toBe("");
  });

  it("keeps its target when it names the primary Region's database already", async () => {
    const live = [{ name, values: [eastAddress] }];
    const { warnings, outputs } = await record(withRecords(firstWest(existing(eastAddress)), live));
    expect(warnings).toEqual([expect.stringContaining("gives it its TTL.")]);
    expect(outputs["recordRegion"]).toBe("us-east-1");
  });

  it("is changed in place by the next update, which asks Route 53 nothing", async () => {
    const program = await run(laterWest(existing("old.internal")));
    const { inputs, options } = program.resource("aws:route53/record:Record", "record");
    expect(inputs).toMatchObject({ ttl: 20, records: [eastAddress] });
    expect(options.importId).toBeUndefined();
    expect(program.calls).not.toContain("aws:route53/getRecords:getRecords");
  });

  it.each<[string, NonNullable<World["records"]>, string, string]>([
    ["is absent", [], "record.existing: is set", "pulumi config rm --path record.existing"],
    [
      "is an address",
      [{ name, type: "A", values: ["10.0.0.1"] }],
      "record.existing: is set",
      "list-resource-record-sets",
    ],
    [
      "is one of several",
      [
        { name, values: ["a.internal"], setIdentifier: "a" },
        { name, values: ["b.internal"], setIdentifier: "b" },
      ],
      "record.existing: is set",
      "list-resource-record-sets",
    ],
    [
      "names something else than was stated",
      [{ name, values: ["elsewhere.internal"] }],
      "record.existing.target: is not what the CNAME names now",
      "list-resource-record-sets",
    ],
  ])("is refused when it %s", async (_, live, key, next) => {
    const { message, resources } = await failure(
      withRecords(firstWest(existing("old.internal")), live),
    );
    expect(message).toContain(`standby:${key}`);
    expect(message).toContain(next);
    expect(resources).toEqual([]);
  });
});
