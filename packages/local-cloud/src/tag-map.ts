/** Tags as a resource holds them; each service writes them in a form of its own. */
export type TagMap = Map<string, string>;

export const tagMapOf = (
  tags:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | undefined,
): TagMap => new Map((tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));

export const tagListOf = (tags: TagMap): { Key: string; Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));
