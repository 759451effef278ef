import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The Regions that the operator's credentials are fetched from, by the setting that says so. Only `sso_region` of the profile in use
 * and of its session counts: a role is exchanged in the Region of the client that asks, and the commands ask in the recovery Region.
 */
export async function readAwsSettings(
  environment: Environment,
): Promise<Readonly<Record<string, string>>> {
  const file = environment["AWS_CONFIG_FILE"] ?? join(homedir(), ".aws", "config");
  // Keys in the environment come first, and then no profile is read.
  if (environment["AWS_ACCESS_KEY_ID"]) return {};
  const sections = sectionsOf(await readFile(file, "utf8").catch(() => ""));
  const profile = environment["AWS_PROFILE"] ?? "default";
  const own = sections.get(profile === "default" ? profile : `profile ${profile}`);
  const session = sections.get(`sso-session ${own?.get("sso_session")}`);
  const region = own?.get("sso_region") ?? session?.get("sso_region");
  return region === undefined ? {} : { [`sso_region of the profile ${profile}`]: region };
}

function sectionsOf(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
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
