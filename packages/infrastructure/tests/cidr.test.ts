import { describe, expect, it } from "vitest";
import { cidrsOverlap, isVpcCidr, subnetCidrs } from "../src/cidr.ts";

describe("a VPC's block", () => {
  it.each(["10.0.0.0/16", "172.31.255.0/24", "255.255.0.0/16"])("may be %s", (text) => {
    expect(isVpcCidr(text)).toBe(true);
  });

  it.each(["10.0.0.0/15", "10.0.0.0/25", "10.0.1.0/16", "10.0.256.0/24", "10.0.0.0", "", "::/16"])(
    "may not be %j",
    (text) => {
      expect(isVpcCidr(text)).toBe(false);
    },
  );

  it.each([
    ["10.10.0.0/16", "10.20.0.0/16", false],
    ["10.10.0.0/16", "10.10.4.0/24", true],
    ["10.10.4.0/24", "10.10.0.0/16", true],
    ["10.10.4.0/24", "10.10.5.0/24", false],
  ])("%s and %s overlap: %s", (one, other, overlap) => {
    expect(cidrsOverlap(one, other)).toBe(overlap);
  });

  it("gives subnets that do not depend on their number", () => {
    expect(subnetCidrs("10.10.0.0/16", 2)).toEqual(["10.10.0.0/20", "10.10.16.0/20"]);
    expect(subnetCidrs("10.10.0.0/16", 3).slice(0, 2)).toEqual(subnetCidrs("10.10.0.0/16", 2));
    expect(subnetCidrs("10.10.0.0/16", 16).at(-1)).toBe("10.10.240.0/20");
    expect(subnetCidrs("192.168.7.0/24", 3)[2]).toBe("192.168.7.32/28");
  });

  it.each([
    ["10.0.0.0/8", 2],
    ["10.10.0.0/16", 0],
    ["10.10.0.0/16", 17],
  ])("has no subnets for %s and %i", (cidr, count) => {
    expect(() => subnetCidrs(cidr, count)).toThrow(TypeError);
  });
});
