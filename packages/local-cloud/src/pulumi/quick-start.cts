// Loaded before Pulumi's runner. That maps every stack trace through source maps, one for each resource: a fifth of a run's processor
// time, for a program that is run as it is written. It also loads a tracer when the engine names a trace, and nobody collects traces
// here.
const { createRequire } = require("node:module") as typeof import("node:module");

const runner = createRequire(process.argv[1] ?? __filename);
const path = runner.resolve("source-map-support/register");
runner.cache[path] = { id: path, filename: path, loaded: true, exports: {} } as NodeModule;
delete process.env["TRACEPARENT"];
