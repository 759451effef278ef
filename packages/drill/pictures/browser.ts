import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium, { inflate } from "@sparticuz/chromium";
import { type Browser, chromium as driver } from "playwright-core";

/**
 * The browser out of its npm package, with the libraries and the font that it comes with: a machine that has no browser lacks those as
 * well. All is unpacked into the folder, which the caller removes.
 */
export async function launchBrowser(folder: string): Promise<Browser> {
  const { executablePath, libraries } = await unpack(folder);
  const fontConfiguration = join(folder, "fonts.conf");
  await writeFile(
    fontConfiguration,
    `<fontconfig><dir>${join(folder, "fonts")}</dir><cachedir>${join(folder, "fonts-cache")}</cachedir></fontconfig>`,
  );
  return driver.launch({
    args: [...chromium.args],
    executablePath,
    env: {
      HOME: folder,
      PATH: process.env["PATH"] ?? "",
      LD_LIBRARY_PATH: libraries,
      FONTCONFIG_FILE: fontConfiguration,
    },
  });
}

/** The package unpacks into the folder for temporary files, whichever that is at the time. */
async function unpack(folder: string) {
  const packed = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "../bin");
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  try {
    const executablePath = await chromium.executablePath();
    return { executablePath, libraries: join(await inflate(join(packed, "al2023.tar.br")), "lib") };
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}
