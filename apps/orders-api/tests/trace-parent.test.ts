import { expect, it } from "vitest";
import { traceParent } from "../src/trace-parent.ts";

const root = "Root=1-67443c2b-0123456789abcdef01234567";

it("reads X-Ray's header as OpenTelemetry's ids", () => {
  expect(traceParent(`${root};Parent=89abcdef01234567;Sampled=1;Lineage=1:a:0`)).toEqual({
    traceId: "67443c2b0123456789abcdef01234567",
    spanId: "89abcdef01234567",
    traceFlags: 1,
    isRemote: true,
  });
});

it.each([undefined, "", `${root};Parent=89abcdef01234567;Sampled=0`, `${root};Sampled=1`])(
  "takes %j for an invocation that is not traced",
  (header) => {
    expect(traceParent(header)).toBeUndefined();
  },
);
