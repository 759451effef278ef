import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { failure, json } from "../tests/support/secrets-endpoint.ts";
import { eastHost, secretValue, type TwoRegions } from "../tests/support/two-regions.ts";
import { type Database, type Ground, openServerless, openWrapper } from "./databases.ts";
import type { Row } from "./row.ts";

/** One request of an application: logs in anew and asks something. */
interface Application {
  request(): Promise<unknown>;
  end(): Promise<void>;
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

const isRefused = (error: unknown): boolean => (error as { errno?: number }).errno === 1045;

async function logIn(regions: TwoRegions, { username, password }: Credentials): Promise<void> {
  const connection = await createConnection({
    host: eastHost,
    stream: (await import("node:net")).connect(3306, regions.east.address),
    user: username,
    password,
    database: "orders",
    ssl: { ca: [regions.authority], verifyIdentity: true },
  });
  await connection.query("SELECT 1");
  connection.destroy();
}

/** Opens, asks and closes. */
const onceEach = (open: () => Promise<Database>): Application => ({
  request: async () => {
    const database = await open();
    await database.query("SELECT 1").finally(() => database.end());
  },
  end: async () => {},
});

const applications: Readonly<Record<string, (ground: Ground) => Application>> = {
  ours: ({ regions }) => {
    // The peers' deadlines are mysql2's or longer: a hundred handshakes at once take their time.
    const deadlines = { connectMillis: 10_000, acquireMillis: 15_000 };
    const pool = regions.pool({ connectionLimit: 100, deadlines });
    return {
      request: async () => {
        const connection = await pool.getConnection();
        await connection.query("SELECT 1");
        connection.destroy();
      },
      end: () => pool.end(),
    };
  },
  "aws-wrapper": (ground) => onceEach(() => openWrapper(ground)),
  "serverless-mysql": (ground) => {
    const kept = readCurrent(ground.regions);
    return onceEach(async () => openServerless(ground, await kept));
  },
  "sdk, read for each request": ({ regions }) => ({
    request: async () => logIn(regions, await readCurrent(regions)),
    end: async () => {},
  }),
  "sdk, read once": ({ regions }) => {
    const kept = readCurrent(regions);
    return { request: async () => logIn(regions, await kept), end: async () => {} };
  },
  // What is recommended for powertools and the SDK: keep the value, read again when the login is refused.
  "sdk, read again when refused": ({ regions }) => {
    let kept: Promise<Credentials> | undefined;
    return {
      request: async () => {
        kept ??= readCurrent(regions);
        await logIn(regions, await kept).catch(async (error: unknown) => {
          if (!isRefused(error)) throw error;
          kept = readCurrent(regions);
          await logIn(regions, await kept);
        });
      },
      end: async () => {},
    };
  },
};

async function readCurrent(regions: TwoRegions): Promise<Credentials> {
  const { GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
  const answer = await regions.secrets.client.send(
    new GetSecretValueCommand({ SecretId: regions.secrets.arn, VersionStage: "AWSCURRENT" }),
  );
  return JSON.parse(answer.SecretString ?? "{}") as Credentials;
}

/** For peers that make a client of their own. */
export function serveOverHttp({ regions, endpoint }: Ground): void {
  endpoint.answer = (response, body, headers) => {
    const input = { VersionStage: "AWSCURRENT", ...(JSON.parse(body) as object) };
    regions.secrets.client.send({ input } as never).then(
      (output) => json(200, output)(response, body, headers),
      ({ name, message }: Error) => failure(400, name, message)(response, body, headers),
    );
  };
}

async function rotate(regions: TwoRegions, gapMillis: number, application: Application) {
  const { secrets } = regions;
  await application.request();
  let failed = 0;
  let done = false;
  const load = (async () => {
    while (!done) {
      await application.request().catch(() => {
        failed++;
      });
      await sleep(20);
    }
  })();
  await sleep(400);
  secrets.calls.length = 0;
  secrets.put("v2", ["AWSPENDING"], secretValue("second-password"));
  await regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'second-password'");
  await sleep(gapMillis);
  secrets.put("v1", ["AWSPREVIOUS"], secretValue("first-password"));
  secrets.put("v2", ["AWSCURRENT"], secretValue("second-password"));
  await sleep(1_000);
  done = true;
  await load;
  await application.end();
  return { failed, calls: secrets.calls.length };
}

/** Failed requests and calls of Secrets Manager through a rotation whose label moves `gapMillis` after the password. */
export async function rotations(ground: Ground): Promise<Row[]> {
  const { regions } = ground;
  serveOverHttp(ground);
  const rows: Row[] = [];
  for (const [gapMillis, allowedCalls] of [
    [0, 2],
    [2_000, 3],
  ] as const) {
    const failed: Record<string, number> = {};
    const calls: Record<string, number> = {};
    for (const [name, open] of Object.entries(applications)) {
      await regions.reset();
      const result = await rotate(regions, gapMillis, open(ground));
      failed[name] = result.failed;
      calls[name] = result.calls;
    }
    const { ours: oursFailed = Number.NaN, ...peersFailed } = failed;
    const { ours: oursCalls = Number.NaN, ...peersCalls } = calls;
    const metric = `rotation, label ${gapMillis} ms behind the password`;
    rows.push(
      {
        metric,
        unit: "failed requests",
        floor: 0,
        peers: peersFailed,
        ours: oursFailed,
        target: "0",
        met: oursFailed === 0,
      },
      {
        metric,
        unit: "calls",
        floor: 1,
        peers: peersCalls,
        ours: oursCalls,
        target: `<= ${allowedCalls}`,
        met: oursCalls <= allowedCalls,
      },
    );
  }
  return rows;
}

/** A hundred logins at once with the password of before the rotation: how often is the secret read? */
export async function refusedLogins(ground: Ground): Promise<Row> {
  const { regions } = ground;
  serveOverHttp(ground);
  const calls: Record<string, number> = {};
  for (const name of ["ours", "aws-wrapper", "sdk, read again when refused"]) {
    await regions.reset();
    const application = applications[name]?.(ground);
    if (!application) throw new Error(`no application ${name}`);
    await application.request();
    await regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'second-password'");
    regions.secrets.put("v1", ["AWSPREVIOUS"], secretValue("first-password"));
    regions.secrets.put("v2", ["AWSCURRENT"], secretValue("second-password"));
    regions.secrets.calls.length = 0;
    await Promise.allSettled(Array.from({ length: 100 }, () => application.request()));
    await application.end();
    calls[name] = regions.secrets.calls.length;
  }
  const { ours = Number.NaN, ...peers } = calls;
  const metric = "100 refused logins at once";
  return { metric, unit: "calls", floor: 1, peers, ours, target: "1", met: ours === 1 };
}
