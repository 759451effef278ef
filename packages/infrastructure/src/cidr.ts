/** An IPv4 block as numbers: its first address and the length of its prefix. */
interface Block {
  readonly base: number;
  readonly prefix: number;
}

/** Undefined for a text that is not a block, and for one whose host bits are set. */
function parseCidr(text: string): Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  return base % 2 ** (32 - prefix) === 0 ? { base, prefix } : undefined;
}

const formatCidr = ({ base, prefix }: Block): string =>
  `${[24, 16, 8, 0].map((bits) => Math.floor(base / 2 ** bits) % 256).join(".")}/${prefix}`;

/** A VPC has between a /16 and a /28; a /24 is the smallest that leaves every subnet 16 addresses. */
export function isVpcCidr(text: string): boolean {
  const block = parseCidr(text);
  return block !== undefined && block.prefix >= 16 && block.prefix <= 24;
}

export function cidrsOverlap(one: string, other: string): boolean {
  const a = parseCidr(one);
  const b = parseCidr(other);
  if (!a || !b) return false;
  const size = 2 ** (32 - Math.min(a.prefix, b.prefix));
  return Math.floor(a.base / size) === Math.floor(b.base / size);
}

/**
 * The first `count` sixteenths of a VPC's block. A subnet's block never depends on how many there are, so that adding one moves none.
 *
 * @throws TypeError when the block is not one that `isVpcCidr` accepts, or the count is not within 1 and 16.
 */
export function subnetCidrs(vpcCidr: string, count: number): readonly string[] {
  const block = parseCidr(vpcCidr);
  if (!block || !isVpcCidr(vpcCidr)) throw new TypeError("vpcCidr must be a block of /16 to /24");
  if (!Number.isInteger(count) || count < 1 || count > 16)
    throw new TypeError("count must be within 1 and 16");
  const prefix = block.prefix + 4;
  return Array.from({ length: count }, (_, index) =>
    formatCidr({ base: block.base + index * 2 ** (32 - prefix), prefix }),
  );
}
