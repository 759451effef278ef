import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { isMap, type PropertyMap, text } from "../property-values.ts";

/** The same content must give the same archive, and so the same hash, whenever it is packed. */
const packedAt = new Date("1980-01-01T00:00:00Z");

const packed = (files: Zippable): Uint8Array => zipSync(files, { mtime: packedAt });

const assetContent = async (asset: PropertyMap): Promise<Uint8Array> => {
  const content = asset["text"];
  if (typeof content === "string") return Buffer.from(content);
  const path = text(asset, "path");
  if (path === undefined) throw new Error("NotModelled: an asset that is neither text nor file");
  return readFile(path);
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
const members = async (archive: PropertyMap, prefix: string): Promise<Zippable> => {
  const files: Zippable = {};
  const assets = archive["assets"];
  for (const [name, member] of Object.entries(isMap(assets) ? assets : {})) {
    if (!isMap(member)) continue;
    const path = text(member, "path");
    if (isMap(member["assets"])) Object.assign(files, await members(member, `${prefix}${name}/`));
    else if (path !== undefined && (await isFolder(path))) {
      Object.assign(files, await filesUnder(path, `${prefix}${name}/`));
    } else files[prefix + name] = await assetContent(member);
  }
  return files;
};

/**
 * The zip that is uploaded. Throws when a file of it is not there.
 */
export const zipOf = async (archive: PropertyMap): Promise<Uint8Array> => {
  if (isMap(archive["assets"])) return packed(await members(archive, ""));
  const path = text(archive, "path");
  if (path === undefined)
    throw new Error("NotModelled: an archive that is neither assets nor file");
  return (await isFolder(path)) ? packed(await filesUnder(path, "")) : readFile(path);
};

export const sha256Of = (archive: Uint8Array): string =>
  createHash("sha256").update(archive).digest("base64");
