import { AwsError } from "../service.ts";

const mostItems = 100;

export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** The id of the first item that is left. */
  readonly nextMarker: string | undefined;
  readonly maxItems: number;
}

/** Throws `InvalidInput` for less than one; more than AWS's most mean that most. */
export function maxItemsOf(maximum: number | undefined, most: number = mostItems): number {
  if (maximum !== undefined && maximum < 1)
    throw new AwsError("InvalidInput", `MaxItems must be at least 1, and is ${maximum}.`);
  return Math.min(maximum ?? most, most);
}

/** A page that begins with the item that the marker names. */
export function listPage<Item extends { readonly id: string }>(
  all: readonly Item[],
  {
    Marker,
    MaxItems,
  }: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): ListPage<Item> {
  const maxItems = maxItemsOf(MaxItems);
  const start = Marker ? all.findIndex(({ id }) => id === Marker) : 0;
  if (start < 0)
    throw new AwsError("InvalidInput", `The marker ${Marker} does not name an item of this list.`);
  return {
    items: all.slice(start, start + maxItems),
    nextMarker: all[start + maxItems]?.id,
    maxItems,
  };
}
