import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { isMap, type PropertyMap, text } from "../property-values.ts";

/** The same content must give the same archive, and so the same hash, whenever it is packed. */
const packedAt = new Date("1980-01-01T00:00:00Z");

const packed = (files: Zippable): Uint8Array => zipSync(files, { mtime: packedAt });

/** Throws for a relative path of a program whose folder is not known. */
const located = (path: string, programFolder: string | undefined): string => {
  if (isAbsolute(path)) return path;
  if (programFolder === undefined) {
    throw new Error(
      `the asset ${path} is relative to a program whose folder the engine did not tell`,
    );
  }
  return resolve(programFolder, path);
};

const assetContent = async (
  asset: PropertyMap,
  folder: string | undefined,
): Promise<Uint8Array> => {
  const content = asset["text"];
  if (typeof content === "string") return Buffer.from(content);
  const path = text(asset, "path");
  if (path === undefined) throw new Error("NotModelled: an asset that is neither text nor file");
  return readFile(located(path, folder));
};

const filesUnder = async (folder: string, prefix: string): Promise<Zippable> => {
  const files: Zippable = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [path, name] = [join(folder, entry.name), `${prefix}${entry.name}`];
    if (entry.isDirectory()) Object.assign(files, await filesUnder(path, `${name}/`));
    else files[name] = await readFile(path);
  }
  return files;
};

const isFolder = async (path: string): Promise<boolean> => (await stat(path)).isDirectory();

/** The members of an archive of assets: an inner archive is a folder. */
const members = async (
  archive: PropertyMap,
  prefix: string,
  folder: string | undefined,
): Promise<Zippable> => {
  const files: Zippable = {};
  const assets = archive["assets"];
  for (const [name, member] of Object.entries(isMap(assets) ? assets : {})) {
    if (!isMap(member)) continue;
    const named = text(member, "path");
    const path = named === undefined ? undefined : located(named, folder);
    if (isMap(member["assets"]))
      Object.assign(files, await members(member, `${prefix}${name}/`, folder));
    else if (path !== undefined && (await isFolder(path))) {
      Object.assign(files, await filesUnder(path, `${prefix}${name}/`));
    } else files[prefix + name] = await assetContent(member, folder);
  }
  return files;
};

/** The zip that is uploaded. Throws when a file of it is not there. */
export const zipOf = async (
  archive: PropertyMap,
  programFolder: string | undefined,
): Promise<Uint8Array> => {
  if (isMap(archive["assets"])) return packed(await members(archive, "", programFolder));
  const named = text(archive, "path");
  if (named === undefined)
    throw new Error("NotModelled: an archive that is neither assets nor file");
  const path = located(named, programFolder);
  return (await isFolder(path)) ? packed(await filesUnder(path, "")) : readFile(path);
};
