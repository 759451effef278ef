import { isAllowedHost } from "@standby/topology";
import { finding } from "../findings.ts";
import { type Check, fail, pass, skip, whenSeen } from "./check.ts";

const sameCode: Check = {
  id: "functions-same-code",
  title: "the application runs the same code in both Regions",
  decisive: false,
  judge: ({ observation: { deployment }, surroundings: { functions } }) =>
    whenSeen(functions.recovery, (recovery) =>
      whenSeen(functions.primary, (primary) =>
        primary.codeSha256 === recovery.codeSha256
          ? pass(recovery.codeSha256.slice(0, 8))
          : fail(finding("functions-differ", deployment, { functionName: recovery.name })),
      ),
    ),
};

const allowedHosts: Check = {
  id: "functions-allowed-hosts",
  title: "the application may connect to both Regions' databases",
  decisive: true,
  judge: ({ observation: { deployment }, surroundings: { functions } }) =>
    whenSeen(functions.recovery, ({ name, allowedHosts: patterns }) => {
      if (!patterns) return skip(`${name} was told of no allowed hosts`);
      const { region } = deployment.recovery;
      const host = [deployment.recovery.database.address, deployment.primary.database.address].find(
        (address) => !isAllowedHost(address, patterns),
      );
      return host === undefined
        ? pass(patterns.join(", "))
        : fail(finding("host-not-allowed", deployment, { functionName: name, region, host }));
    }),
};

export const functionChecks: readonly Check[] = [sameCode, allowedHosts];
