type Tags = Readonly<Record<string, string>>;

export interface TagChanges {
  readonly removed: string[];
  readonly put: { Key: string; Value: string }[];
}

export const tagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The calls that turn one set of tags into another: removals first, as the provider does. */
export const tagChanges = (old: Tags, wanted: Tags): TagChanges => ({
  removed: Object.keys(old).filter((name) => !(name in wanted)),
  put: tagList(
    Object.fromEntries(Object.entries(wanted).filter(([name, value]) => old[name] !== value)),
  ),
});

export const tagMap = (
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
