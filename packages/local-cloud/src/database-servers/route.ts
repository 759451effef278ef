import { functionAddress } from "../function-address.ts";

/** Replicas call their source from this machine's own address: they are told by their user, whose password nobody else has. */
export const replicationUserName = "rdsrepladmin";

/**
 * What a server does at every login, for `init_connect`: an error, which ends the session, for whoever calls from elsewhere than a
 * function. Users stay `@'%'` as on RDS, so that applications and rotations make and alter them as there. The administrator comes by the
 * server's own socket and has the right that skips it.
 */
export const routeCheck = `SET @route = (SELECT 1 UNION SELECT 2 FROM DUAL WHERE SUBSTRING_INDEX(USER(), '@', -1) NOT IN ('${functionAddress}', 'localhost') AND USER() NOT LIKE '${replicationUserName}@%')`;
