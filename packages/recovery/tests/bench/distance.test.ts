import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { distanceTo } from "../../bench/distance.ts";

it("answers as the endpoint does, no sooner than a round trip takes", async () => {
  const server = createServer((request, response) => request.pipe(response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  {
    await using distance = await distanceTo(`http://127.0.0.1:${port}`, 100);
    const began = performance.now();
    const answer = await fetch(distance.endpoint, { method: "POST", body: "what was asked" });
    expect(await answer.text()).toBe("what was asked");
    expect(performance.now() - began).toBeGreaterThanOrEqual(99);
  }
  server.close();
  await once(server, "close");
});
