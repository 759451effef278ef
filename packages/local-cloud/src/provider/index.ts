export { type Provider, type ProviderOptions, startProvider } from "./server.ts";
