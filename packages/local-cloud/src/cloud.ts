import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { operator } from "./account.ts";
import { cacheFolder } from "./cache-folder.ts";
import { createCertificateAuthority } from "./certificates.ts";
import { createCloudWatch } from "./cloudwatch/cloudwatch.ts";
import { startControls } from "./controls.ts";
import { type FoundDatabase, findDatabase } from "./database-choice.ts";
import { startDatabaseServers } from "./database-servers.ts";
import { type Dials, dialsOf } from "./dials.ts";
import { startDnsServer } from "./dns-server.ts";
import { environmentOf, environmentScript } from "./environment.ts";
import { createEvents } from "./events/events.ts";
import { Faults } from "./faults.ts";
import { createFunctionRuntime } from "./functions.ts";
import { RolePolicies } from "./iam/role-policies.ts";
import { createInertCalls } from "./inert-call.ts";
import { createKms } from "./kms/kms.ts";
import { KnownPasswords } from "./known-passwords.ts";
import { createLambda } from "./lambda/lambda.ts";
import { measuredRuntime } from "./lambda/measured-runtime.ts";
import type { LocalCloud, LocalCloudOptions } from "./local-cloud.ts";
import { Notifications } from "./notifications.ts";
import { Outages } from "./outages.ts";
import { startProvider } from "./provider/index.ts";
import { copyProject, initializeStacks, makePulumiHome } from "./pulumi/pulumi-home.ts";
import { createRds } from "./rds/rds.ts";
import { readTools } from "./repository.ts";
import { RequestLog } from "./request-log.ts";
import { createRoute53 } from "./route53/route53.ts";
import { createS3 } from "./s3/s3.ts";
import { createSecretsManager } from "./secrets-manager/secrets-manager.ts";
import { startEndpoint } from "./server.ts";
import { createSts } from "./sts.ts";
import { makeTemporaryFolder, sweepTemporaryFolders } from "./temporary-folder.ts";

/** What everything in a cloud shares. */
interface Ground {
  readonly folder: string;
  readonly dials: Dials;
  readonly log: RequestLog;
  readonly outages: Outages;
  readonly faults: Faults;
  readonly rolePolicies: RolePolicies;
  readonly passwords: KnownPasswords;
  readonly notifications: Notifications;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (line: string) => void;
}

/**
 * Starts two AWS Regions on this machine: real database servers, DNS, functions, AWS's APIs, the Pulumi engine with a stand-in
 * provider, and empty stacks. Everything lives in one temporary folder and ends with `close`.
 *
 * @throws Error that says what is missing and how to get it; whatever was started before is stopped.
 */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  await using started = new AsyncDisposableStack();
  await sweepTemporaryFolders();
  const tools = readTools();
  const database = await findDatabase({ kind: options.database, madeMySql: tools.mysqlServer });
  const folder = await makeTemporaryFolder();
  started.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const ground: Ground = {
    folder,
    dials: dialsOf(options.clock ?? "fast"),
    log: new RequestLog(),
    outages: new Outages(),
    faults: new Faults(),
    rolePolicies: new RolePolicies(),
    passwords: new KnownPasswords(),
    notifications: new Notifications(),
    signal: options.signal,
    onProgress: options.onProgress ?? (() => {}),
  };
  const { endpoint, dnsServer, databaseServerVersion, ...seen } = await startServices(
    ground,
    database,
    started,
  );
  const { environment, projectFolder } = await openProject(ground, started, {
    endpoint,
    dnsPort: dnsServer.port,
    pulumi: tools.pulumi,
  });

  let lastLoss: number | undefined;
  const everything = started.move();
  const cloud: LocalCloud = {
    folder,
    projectFolder,
    environment,
    endpoint,
    dnsServer,
    dials: ground.dials,
    databaseServerVersion,
    get lastLoss() {
      return lastLoss;
    },
    async lose(region, mode) {
      lastLoss = ground.log.last;
      await ground.outages.lose(region, mode);
    },
    restore: (region) => ground.outages.restore(region),
    loseRoute53ControlPlane: (mode) => ground.outages.loseRoute53ControlPlane(mode),
    restoreRoute53ControlPlane: () => ground.outages.restoreRoute53ControlPlane(),
    notifications: () => ground.notifications.all(),
    ...seen,
    calls: (filter) => ground.log.calls(filter),
    onCall: (listener) => ground.log.onCall(listener),
    passwords: () => ground.passwords.all(),
    rolePolicies: ground.rolePolicies,
    addFault: (fault) => ground.faults.add(fault),
    clearFaults: () => ground.faults.clear(),
    close: () => everything.disposeAsync(),
  };
  try {
    everything.use(await startControls(folder, cloud));
    options.signal?.throwIfAborted();
    return cloud;
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

/** The real servers, and AWS's APIs in front of them. */
async function startServices(
  ground: Ground,
  database: FoundDatabase,
  started: AsyncDisposableStack,
) {
  const { folder, dials, log, outages, faults, notifications, signal, onProgress } = ground;
  const certificates = await createCertificateAuthority({ folder: join(folder, "certificates") });
  const servers = await startDatabaseServers({
    folder: join(folder, "databases"),
    certificates,
    database,
    cacheFolder: cacheFolder(),
    onProgress,
    ...(signal && { signal }),
  });
  started.defer(() => servers.close());
  outages.onChange((region, mode) => servers.followOutage(region, mode));

  const kms = createKms();
  const cloudWatch = createCloudWatch({
    dials,
    outages,
    notifications,
    functions: () => lambda.functions,
  });
  started.defer(() => cloudWatch.close());
  const { metrics } = cloudWatch;
  const rds = createRds({
    servers,
    dials,
    outages,
    faults,
    keys: kms.keys,
    measures: { metrics, isWatched: (region) => cloudWatch.isWatched(region, "AWS/RDS") },
  });
  started.defer(() => rds.close());
  const route53 = createRoute53({ dials, faults, alarms: cloudWatch.alarms });
  started.defer(() => route53.close());

  const dnsServer = await startDnsServer({
    authorities: [route53.names, rds.names],
    maximumTtlSeconds: dials.maximumTtlSeconds,
  });
  started.defer(() => dnsServer.close());
  const functions = createFunctionRuntime({
    folder: join(folder, "functions"),
    dnsServer,
    caFile: certificates.caFile,
  });
  started.defer(() => functions.close());
  outages.onChange((region, mode) => functions.followOutage(region, mode));

  const lambda = createLambda({
    runtime: measuredRuntime(functions, metrics),
    outages,
    endpointUrl: () => endpoint.url,
  });
  started.defer(() => lambda.close());
  const secretsManager = createSecretsManager({
    dials,
    outages,
    keys: kms.keys,
    functions: lambda.functions,
  });
  started.defer(() => secretsManager.close());
  const events = createEvents({ dials, outages, functions: lambda.functions });
  started.defer(() => events.close());
  const services = [
    cloudWatch,
    createS3(),
    createSts(),
    events,
    kms,
    lambda,
    rds,
    route53,
    secretsManager,
  ];
  const endpoint = await startEndpoint({
    services,
    log,
    outages,
    faults,
    rolePolicies: ground.rolePolicies,
    passwords: ground.passwords,
    findSecret: secretsManager.findSecret,
  });
  started.defer(() => endpoint.close());
  return {
    endpoint: endpoint.url,
    dnsServer,
    databaseServerVersion: servers.version,
    metrics,
    sentEvents: () => [...events.sent],
    leaveFree: rds.leaveFree,
  };
}

/** The engine, its stand-in provider, a copy of the project with empty stacks, and the environment to use them. */
async function openProject(
  ground: Ground,
  started: AsyncDisposableStack,
  addresses: { readonly endpoint: string; readonly dnsPort: number; readonly pulumi: string },
) {
  const { folder, dials, signal } = ground;
  const inert = createInertCalls(ground);
  started.defer(() => inert.close());
  const provider = await startProvider({
    endpoint: addresses.endpoint,
    dials,
    rolePolicies: ground.rolePolicies,
    inertCall: (call, signal) => inert.inertCall({ ...call, principal: operator.arn }, signal),
  });
  started.defer(() => provider.close());
  await makePulumiHome(folder, addresses.pulumi, provider.port);
  const { projectFolder, stacks } = await copyProject(folder);
  const environment = environmentOf({
    folder,
    projectFolder,
    passphrase: randomBytes(24).toString("base64url"),
    ...addresses,
  });
  await initializeStacks(projectFolder, stacks, environment, signal);
  await writeFile(join(folder, "env"), environmentScript(environment, projectFolder), {
    mode: 0o600,
  });
  return { environment, projectFolder };
}
