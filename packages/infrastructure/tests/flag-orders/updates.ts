import { type DeclaredResource, failure, type Run, run, type World } from "../stack-mocks.ts";
import { eastOutputs, laterEast, laterWest, westOutputs } from "../worlds.ts";
import type { Situation } from "./model.ts";

/** What an update came to. */
export interface Outcome {
  readonly after: Situation;
  readonly green: boolean;
  /** Steps of the engine that change something. */
  readonly steps: readonly string[];
  /** What was declared, but for the database's source and tags and the record's value. */
  readonly declaration: string;
}

const instance = "aws:rds/instance:Instance";
const record = "aws:route53/record:Record";
const text = (flag: boolean): string => String(flag);

const tagsOf = (standalone: boolean, tagged: boolean) => ({
  identifier: "orders-prod-1",
  ...(standalone ? {} : { sourceArn: eastOutputs.database.arn }),
  tags: {
    "standby:origin": eastOutputs.database.arn,
    ...(tagged ? { "standby:promotion": "requested" } : {}),
  },
});

const outputsOf = ({ outputMode, outputRegion }: Situation) => ({
  "organization/standby/prod-east": eastOutputs,
  "organization/standby/prod-west": {
    ...westOutputs,
    recordRegion: outputRegion,
    databaseMode: outputMode,
  },
});

const hasTag = ({ inputs }: DeclaredResource): boolean =>
  "standby:promotion" in (inputs["tags"] as Readonly<Record<string, unknown>>);

/** The engine's and the provider's part in the database's update. */
class DatabaseUpdate {
  readonly steps: string[] = [];
  failed = false;
  after: Situation;

  constructor(before: Situation) {
    this.after = before;
  }

  apply(declared: DeclaredResource): void {
    const { stateSource, stateTag } = this.after;
    const tag = hasTag(declared);
    const source = declared.options.ignoreChanges.includes("replicateSourceDb")
      ? stateSource
      : "replicateSourceDb" in declared.inputs;
    if (tag !== stateTag) {
      this.steps.push(tag ? "tag" : "untag");
      this.after = { ...this.after, promotionTag: tag, stateTag: tag };
    }
    if (source === stateSource) return;
    this.steps.push(source ? "give a source" : "promote");
    // Whatever comes of it, the planned values end in the state.
    this.after = { ...this.after, stateSource: source };
    if (source || this.after.standalone) this.failed = true;
    else this.after = { ...this.after, standalone: true };
  }
}

export async function updateWest(before: Situation): Promise<Outcome> {
  const database = new DatabaseUpdate(before);
  const world: World = {
    ...laterWest({
      "standby:failover": text(before.failover),
      "standby:readOnlyFailover": text(before.readOnlyFailover),
    }),
    databases: [tagsOf(before.standalone, before.promotionTag)],
    outputs: outputsOf(before),
    updateDatabase: (declared) => {
      database.apply(declared);
      return database.after.standalone ? undefined : eastOutputs.database.arn;
    },
  };
  const ran = await runOrRefusal(world);
  const green = ran.run !== undefined && !database.failed;
  const { after, steps } = database;
  if (!green || !ran.run) return { after, green, steps, declaration: declarationOf(ran.declared) };
  const declared = ran.run.resource(record, "record");
  const moved = declared.options.ignoreChanges.includes("records")
    ? after.recordInWest
    : String(declared.inputs["records"]).includes("us-west-2");
  return {
    green,
    steps: moved === after.recordInWest ? steps : [...steps, "move the record"],
    declaration: declarationOf(ran.declared),
    after: {
      ...after,
      recordInWest: moved,
      outputMode: ran.run.outputs["databaseMode"] as Situation["outputMode"],
      outputRegion: moved ? "us-west-2" : "us-east-1",
      askedReadOnly: before.readOnlyFailover,
    },
  };
}

export async function updateEast(before: Situation): Promise<Outcome> {
  const unchanged = { after: before, steps: [], green: !before.primaryLost };
  // Its first call, to STS of its own Region, is not answered.
  if (before.primaryLost) return { ...unchanged, declaration: "" };
  const world: World = { ...laterEast(), outputs: outputsOf(before) };
  const { run: ran, declared } = await runOrRefusal(world);
  return { ...unchanged, green: ran !== undefined, declaration: declarationOf(declared) };
}

async function runOrRefusal(
  world: World,
): Promise<{ readonly run?: Run; readonly declared: readonly DeclaredResource[] }> {
  const bothFlags =
    world.config["standby:failover"] === "true" &&
    world.config["standby:readOnlyFailover"] === "true";
  if (bothFlags) return { declared: (await failure(world)).resources };
  try {
    const finished = await run(world);
    return { run: finished, declared: finished.resources };
  } catch (error) {
    const refused = /is refused, nothing was changed|was not moved/.test(String(error));
    if (!refused) throw error;
    return { declared: [] };
  }
}

/** The volatile parts are left out: whatever else differs between two updates would change, replace or delete something. */
const declarationOf = (resources: readonly DeclaredResource[]): string =>
  JSON.stringify(
    resources
      .map(({ type, name, inputs, options }) => {
        const { replicateSourceDb, tags, records, ...rest } = inputs;
        const lasting = type === instance || name === "record" ? rest : { ...rest, tags, records };
        return [type, name, options.protect, lasting];
      })
      .sort((one, other) => String(one).localeCompare(String(other))),
  );
