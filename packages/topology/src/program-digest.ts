/** Packages whose sources are the program: what an update declares depends on nothing else of a checkout but the functions' bundles. */
export const programPackages = ["infrastructure", "topology"] as const;

/**
 * Tells one program from another: the update exports it, and the commands compare it with their own checkout's before they update.
 *
 * @param sources - text by path, the same paths wherever the checkout is
 */
export async function programDigest(sources: ReadonlyMap<string, string>): Promise<string> {
  const sorted = [...sources].sort(([one], [other]) => (one < other ? -1 : 1));
  const bytes = new TextEncoder().encode(JSON.stringify(sorted));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .slice(0, digestLength);
}

const digestLength = 16;
