import { expect, it } from "vitest";
import { RolePolicies } from "../../src/iam/role-policies.ts";
import type { ResourceHandler, Scope } from "../../src/provider/resource-handler.ts";
import { rolePolicy } from "../../src/provider/types/role-policy.ts";

const inert: ResourceHandler = {
  async create(_inputs, _scope, created) {
    created("orders:probe");
  },
  read: async () => undefined,
  update: async () => undefined,
  delete: async () => undefined,
};

const properties = (action: string) => ({
  role: "orders",
  name: "probe",
  policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] }),
});

it("gives a declared role what its policies say, now and after each update, and takes it with them", async () => {
  const rolePolicies = new RolePolicies();
  const scope = { rolePolicies } as unknown as Scope;
  const handler = rolePolicy(inert);
  const actions = () =>
    rolePolicies.of("orders")?.flatMap(({ Statement }) => Statement.map(({ Action }) => Action));
  expect(actions()).toBeUndefined();

  await handler.create(properties("s3:GetObject"), scope, () => undefined);
  expect(actions()).toEqual(["s3:GetObject"]);

  const planned = properties("s3:PutObject");
  const changed = new Set(["policy"]);
  await handler.update({ id: "orders:probe", state: {}, planned, changed }, scope);
  expect(actions()).toEqual(["s3:PutObject"]);

  // The role is still one that was declared: it may do nothing now.
  await handler.delete("orders:probe", planned, scope);
  expect(actions()).toEqual([]);
});
