export { startProvider } from "./server.ts";
