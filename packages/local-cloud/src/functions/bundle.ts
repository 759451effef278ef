import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { unzipSync } from "fflate";

/** The uploaded archive is no zip file, or holds a path that leads out of its folder. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

/** Unpacks an uploaded zip archive. @throws {BundleError} */
export const unpackBundle = async (archive: Uint8Array, folder: string): Promise<void> => {
  for (const [name, content] of Object.entries(unzip(archive))) {
    const path = resolve(folder, name);
    if (!path.startsWith(`${resolve(folder)}${sep}`)) {
      throw new BundleError(
        "The function's archive holds a path outside its own folder: zip it again from within the bundle's folder.",
      );
    }
    if (name.endsWith("/")) continue;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode: 0o600 });
  }
};

const unzip = (archive: Uint8Array) => {
  try {
    return unzipSync(archive);
  } catch (cause) {
    throw new BundleError(
      "The function's archive is no zip file: bundle the function and deploy it again.",
      { cause },
    );
  }
};
