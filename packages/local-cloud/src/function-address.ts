/**
 * Where functions call from: the loopback address that stands for the VPCs of both Regions, which are peered. Database servers listen on
 * addresses of their own and let in nobody who calls from elsewhere, so that this machine has no more of a way to them than an operator
 * has to the real ones.
 */
export const functionAddress = "127.32.0.1";
