// Loaded before Pulumi's runner. That maps every stack trace through source maps, one for each resource: a fifth of a run's processor
// time, for a program that is run as it is written. It also loads two tracers, and nobody collects traces here.
const { createRequire } = require("node:module") as typeof import("node:module");

const runner = createRequire(process.argv[1] ?? __filename);
const span = { addEvent() {}, end() {}, setAttribute() {} };
const instead: Readonly<Record<string, object>> = {
  "source-map-support/register": {},
  "./tracing": { start() {}, stop() {}, newSpan: () => span },
};
for (const [name, stub] of Object.entries(instead)) {
  const path = runner.resolve(name);
  runner.cache[path] = { id: path, filename: path, loaded: true, exports: stub } as NodeModule;
}
delete process.env["TRACEPARENT"];

// Half of a run's start is modules that this program never uses: what serializes functions (TypeScript itself, and npm's Arborist),
// and 250 services of AWS. Each is loaded when something of it is first asked for.
type Load = (request: string, parent: NodeModule | undefined, isMain: boolean) => object;
const loader = require("node:module") as unknown as { _load: Load };
const load = loader._load;

const ofClosures = ["typescript", "@npmcli/arborist"];
const waits = (request: string, parent: NodeModule | undefined): boolean =>
  ofClosures.includes(request) ||
  (request.startsWith("./") && parent?.filename?.endsWith("/@pulumi/aws/index.js") === true);

loader._load = (request, parent, isMain) =>
  waits(request, parent)
    ? later(() => load(request, parent, isMain))
    : load(request, parent, isMain);

/** Says that it is an ES module without a look, so that nobody copies it to find out. */
function later(load: () => object): object {
  return new Proxy(
    {},
    {
      get: (_, name) => (name === "__esModule" ? true : read(load(), name)),
      has: (_, name) => Reflect.has(load(), name),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, name) => {
        const real = load();
        if (!Object.hasOwn(real, name)) return undefined;
        return { value: Reflect.get(real, name), configurable: true, enumerable: true };
      },
    },
  );
}

const read = (real: object, name: string | symbol): unknown =>
  name === "default" && !Reflect.has(real, "default") ? real : Reflect.get(real, name);
