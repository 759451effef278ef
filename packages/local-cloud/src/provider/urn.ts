/** The type of a resource, without the types of its parents. */
export const typeOf = (urn: string): string => (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";

/** The logical name of a resource: everything after the type, which may itself hold colons. */
export const logicalName = (urn: string): string => urn.split("::").slice(3).join("::");
