import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { isIP } from "node:net";

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address?: string | dns.LookupAddress[],
  family?: number,
) => void;

/**
 * In a VPC every name goes to the VPC's resolver: those that a program asks a DNS server for, and those that it leaves to
 * the operating system (`dns.lookup`, which `net.connect` uses). Here the latter would go to this machine's own resolver.
 */
export const useDnsServer = (server: { readonly address: string; readonly port: number }): void => {
  dns.setServers([`${server.address}:${server.port}`]);
  dns.promises.setServers([`${server.address}:${server.port}`]);
  const systemLookup: (name: string, options: dns.LookupOptions, done: LookupCallback) => void =
    dns.lookup;
  const lookup = (
    name: string,
    options: dns.LookupOptions | number | LookupCallback,
    given?: LookupCallback,
  ): void => {
    const callback = given ?? (options as LookupCallback);
    const settings = typeof options === "object" ? options : {};
    if (isIP(name) || name === "localhost") return void systemLookup(name, settings, callback);
    dns.resolve4(name, (error, addresses) => {
      const failure = error ?? (addresses.length === 0 ? { code: "ENODATA" } : undefined);
      if (failure) callback(lookupError(name, failure.code));
      else if (settings.all === true)
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        );
      else callback(null, addresses[0], 4);
    });
  };
  const lookupPromise = (name: string, options: dns.LookupOptions = {}) =>
    new Promise((resolve, reject) =>
      lookup(name, options, (error, address, family) => {
        if (error) reject(error);
        else resolve(options.all === true ? address : { address, family });
      }),
    );
  Object.assign(dns, { lookup });
  Object.assign(dns.promises, { lookup: lookupPromise });
  syncBuiltinESMExports();
};

/** The codes of getaddrinfo: the name is not there, or nobody could say. */
const lookupError = (name: string, code: string | undefined): NodeJS.ErrnoException => {
  const absent = code === "ENOTFOUND" || code === "ENODATA";
  const lookupCode = absent ? "ENOTFOUND" : "EAI_AGAIN";
  return Object.assign(new Error(`getaddrinfo ${lookupCode} ${name}`), {
    code: lookupCode,
    syscall: "getaddrinfo",
    hostname: name,
  });
};
