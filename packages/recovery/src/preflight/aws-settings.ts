import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the global endpoint of STS is, whatever Region asks it. */
const globalStsRegion = "us-east-1";

/**
 * The Regions that the operator's credentials are fetched from, by the setting that says so. Of the profile in use and those that it
 * takes its own credentials from, `sso_region` counts, and `region` where a person logs in by `aws login`. A role is exchanged in the
 * Region of the client that asks, and the commands ask in the recovery Region: unless a setting sends all of STS to its global endpoint.
 */
export async function readAwsSettings(
  environment: Environment,
): Promise<Readonly<Record<string, string>>> {
  const file = environment["AWS_CONFIG_FILE"] ?? join(homedir(), ".aws", "config");
  // Keys in the environment come first, and then no profile is read.
  if (environment["AWS_ACCESS_KEY_ID"]) return stsSettings(environment, undefined, "");
  const sections = sectionsOf(await readFile(file, "utf8").catch(() => ""));
  const name = environment["AWS_PROFILE"] ?? "default";
  const found: Record<string, string> = {};
  for (const [profile, own] of profileChain(sections, name)) {
    const session = sections.get(`sso-session ${own.get("sso_session")}`);
    const sso = own.get("sso_region") ?? session?.get("sso_region");
    if (sso !== undefined) found[`sso_region of the profile ${profile}`] = sso;
    const login = own.has("login_session") ? own.get("region") : undefined;
    if (login !== undefined)
      found[`region of the profile ${profile}, which is logged in to,`] = login;
    Object.assign(found, stsSettings(environment, own, profile));
  }
  return found;
}

function stsSettings(
  environment: Environment,
  own: ReadonlyMap<string, string> | undefined,
  profile: string,
): Readonly<Record<string, string>> {
  const fromEnvironment = environment["AWS_STS_REGIONAL_ENDPOINTS"];
  const endpoint = environment["AWS_ENDPOINT_URL_STS"];
  const found: Record<string, string> = {};
  if ((fromEnvironment ?? own?.get("sts_regional_endpoints"))?.toLowerCase() === "legacy")
    found[
      fromEnvironment === undefined
        ? `sts_regional_endpoints of the profile ${profile}`
        : "AWS_STS_REGIONAL_ENDPOINTS"
    ] = globalStsRegion;
  const [, region] =
    /^https?:\/\/sts(?:\.([a-z0-9-]+))?\.amazonaws\.com/.exec(endpoint ?? "") ?? [];
  if (region !== undefined || /^https?:\/\/sts\.amazonaws\.com/.test(endpoint ?? ""))
    found["AWS_ENDPOINT_URL_STS"] = region ?? globalStsRegion;
  return found;
}

type Section = ReadonlyMap<string, string>;

/** The profile and those that it is exchanged from; one that names itself again ends the chain. */
function profileChain(
  sections: ReadonlyMap<string, Section>,
  name: string,
): ReadonlyMap<string, Section> {
  const chain = new Map<string, Section>();
  for (let next: string | undefined = name; next !== undefined && !chain.has(next); ) {
    const own: Section =
      sections.get(next === "default" ? next : `profile ${next}`) ?? new Map<string, string>();
    chain.set(next, own);
    next = own.get("source_profile");
  }
  return chain;
}

function sectionsOf(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split("\n").map((each) => each.trim())) {
    const [, title] = /^\[\s*(.+?)\s*\]$/.exec(line) ?? [];
    if (title !== undefined) {
      current = new Map();
      sections.set(title, current);
      continue;
    }
    const [, key, value] = /^([a-z0-9_]+)\s*=\s*(.*)$/i.exec(line) ?? [];
    if (key !== undefined && value !== undefined) current.set(key, value);
  }
  return sections;
}
