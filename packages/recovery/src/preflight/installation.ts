import { runEngine } from "../engine.ts";

/** The engine on this machine, and where it keeps the states. */
export interface Installation {
  /** Such as `v3.259.0`. */
  readonly version: string;
  /** Plugins of resource providers that are on the disk: an outage is no time to download one. */
  readonly providers: readonly { readonly name: string; readonly version: string }[];
  /** Such as `s3://bucket?region=us-west-2`. */
  readonly backendUrl: string;
}

interface Plugin {
  readonly name: string;
  readonly kind: string;
  readonly version: string;
}

export async function readInstallation(
  projectFolder: string,
  signal: AbortSignal,
): Promise<Installation> {
  const seconds = 30;
  const run = (...words: readonly string[]) => runEngine({ projectFolder }, words, seconds, signal);
  const [version, plugins, login] = await Promise.all([
    run("version"),
    run("plugin", "ls", "--json"),
    run("whoami", "--verbose", "--json"),
  ]);
  return {
    version: version.trim(),
    providers: (JSON.parse(plugins) as readonly Plugin[])
      .filter(({ kind }) => kind === "resource")
      .map(({ name, version }) => ({ name, version })),
    backendUrl: (JSON.parse(login) as { readonly url?: string }).url ?? "",
  };
}
