import { constants } from "node:fs";
import { access, cp, mkdir, mkdtemp, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { BoundProcess } from "../child-processes.ts";
import type { DatabaseDialect, ServerProgram } from "../database-dialect.ts";
import { DatabaseServerError } from "./session.ts";

export interface TemplateOptions {
  readonly cacheFolder: string;
  readonly dialect: DatabaseDialect;
  readonly program: ServerProgram;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

const installSeconds = 120;
/** Changes when the installer's arguments do: an old template stays unused then. */
const layoutVersion = 1;

/** The data folder of a server that was never started, made once for each server version and user. */
export const dataTemplate = async (options: TemplateOptions): Promise<string> => {
  const { cacheFolder, dialect, program } = options;
  const name = `${program.version}-${dialect.administrator}-${layoutVersion}`;
  const template = join(cacheFolder, name.toLowerCase().replace(/[^a-z0-9.-]+/g, "-"));
  if (await exists(template)) return template;
  options.onProgress(`preparing ${program.version}, once on this machine (a few seconds)`);
  await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
  const unfinished = await mkdtemp(join(cacheFolder, "unfinished-"));
  try {
    await install(unfinished, options);
    await rename(join(unfinished, "data"), template).catch(async (error: unknown) => {
      // Another local cloud that started at the same time was quicker.
      if (!(await exists(template))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return template;
};

export const copyTemplate = (template: string, folder: string): Promise<void> =>
  cp(template, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const removeFilesOfOneServer = async (folder: string, dialect: DatabaseDialect) => {
  for (const file of dialect.filesOfOneServer) await rm(join(folder, file), { force: true });
};

const install = async (folder: string, options: TemplateOptions): Promise<void> => {
  const [dataFolder, temporaryFolder] = [join(folder, "data"), join(folder, "temporary")];
  for (const each of [dataFolder, temporaryFolder]) await mkdir(each, { mode: 0o700 });
  const logFile = join(folder, "log");
  const log = await open(logFile, "w", 0o600);
  try {
    const installer = await BoundProcess.start(
      options.program.installer,
      options.dialect.installerParameters(dataFolder, temporaryFolder),
      {
        environment: { PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin" },
        folder: temporaryFolder,
        stdio: ["ignore", log.fd, log.fd],
      },
    );
    const end = AbortSignal.any([options.signal, AbortSignal.timeout(installSeconds * 1000)]);
    const abort = () => void installer.kill();
    end.addEventListener("abort", abort, { once: true });
    if (end.aborted) abort();
    const exit = await installer.exited;
    end.removeEventListener("abort", abort);
    options.signal.throwIfAborted();
    if (exit.code === 0) return await removeFilesOfOneServer(dataFolder, options.dialect);
    const reason = exit.error?.message ?? (await readFile(logFile, "utf8")).slice(-1000);
    throw new DatabaseServerError(
      `${options.program.installer} could not prepare a data folder in ${options.cacheFolder}: is there room and may it be written? It said: ${reason}`,
    );
  } finally {
    await log.close();
  }
};
