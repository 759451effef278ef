import { isDeepStrictEqual } from "node:util";
import type {
  CreateHealthCheckRequest,
  CreateHealthCheckResponse,
  DeleteHealthCheckRequest,
  GetHealthCheckRequest,
  GetHealthCheckResponse,
  GetHealthCheckStatusRequest,
  HealthCheckConfig,
  HealthCheck as HealthCheckView,
  ListHealthChecksRequest,
  ListHealthChecksResponse,
  UpdateHealthCheckRequest,
  UpdateHealthCheckResponse,
} from "@aws-sdk/client-route-53";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { checkConfig, invalidInput } from "./health-check-config.ts";
import type { HealthCheck, HealthCheckStore } from "./health-check-store.ts";
import { listPage } from "./list-page.ts";

const view = (check: HealthCheck): HealthCheckView => ({
  Id: check.id,
  CallerReference: check.callerReference,
  HealthCheckConfig: check.config,
  HealthCheckVersion: check.version,
});

const withDefaults = (config: HealthCheckConfig): HealthCheckConfig => ({
  ...config,
  Inverted: config.Inverted ?? false,
  Disabled: config.Disabled ?? false,
});

const location = (id: string): string =>
  `https://route53.amazonaws.com/2013-04-01/healthcheck/${id}`;

/** The same request again finds the same check; the reference of another one, or of a deleted one, is refused. */
function repeated(
  store: HealthCheckStore,
  reference: string,
  config: HealthCheckConfig,
): HealthCheck | undefined {
  const id = store.idOf(reference);
  if (id === undefined) return undefined;
  const check = store.find(id);
  if (check && isDeepStrictEqual(check.config, config)) return check;
  throw new AwsError(
    "HealthCheckAlreadyExists",
    "A health check has already been created with the specified caller reference.",
    409,
  );
}

function changed(config: HealthCheckConfig, input: UpdateHealthCheckRequest): HealthCheckConfig {
  const { HealthCheckId, HealthCheckVersion, ResetElements, ...fields } = input;
  const stated = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  );
  const next: HealthCheckConfig = { ...config, ...stated };
  checkConfig(next);
  return next;
}

const writeOperations = (store: HealthCheckStore): Readonly<Record<string, Operation>> => ({
  CreateHealthCheck: operation<CreateHealthCheckRequest, CreateHealthCheckResponse>((input) => {
    const { CallerReference: reference = "", HealthCheckConfig: stated } = input;
    const config = withDefaults(stated ?? { Type: undefined });
    checkConfig(config);
    const check = repeated(store, reference, config) ?? store.create(reference, config);
    return { HealthCheck: view(check), Location: location(check.id) };
  }),

  UpdateHealthCheck: operation<UpdateHealthCheckRequest, UpdateHealthCheckResponse>((input) => {
    const check = store.get(input.HealthCheckId);
    if (input.HealthCheckVersion !== undefined && input.HealthCheckVersion !== check.version)
      throw new AwsError(
        "HealthCheckVersionMismatch",
        "The value of HealthCheckVersion in the request doesn't match the value of HealthCheckVersion in the health check.",
        409,
      );
    check.config = changed(check.config, input);
    if (input.AlarmIdentifier !== undefined) check.alarmRule = undefined;
    check.version += 1;
    return { HealthCheck: view(check) };
  }),

  // AWS deletes a check that records use, and leaves them with a status that cannot be predicted.
  DeleteHealthCheck: operation<DeleteHealthCheckRequest, object>(({ HealthCheckId }) => {
    store.delete(store.get(HealthCheckId).id);
    return {};
  }),
});

/** What is kept and told of health checks; what they answer is another file's. */
export const healthCheckOperations = (
  store: HealthCheckStore,
): Readonly<Record<string, Operation>> => ({
  ...writeOperations(store),

  GetHealthCheck: operation<GetHealthCheckRequest, GetHealthCheckResponse>(({ HealthCheckId }) => ({
    HealthCheck: view(store.get(HealthCheckId)),
  })),

  GetHealthCheckStatus: operation<GetHealthCheckStatusRequest, object>(({ HealthCheckId }) => {
    store.get(HealthCheckId);
    throw invalidInput(
      "Invalid parameter : the status of health checks of type CLOUDWATCH_METRIC can't be read.",
    );
  }),

  ListHealthChecks: operation<ListHealthChecksRequest, ListHealthChecksResponse>((input) => {
    const page = listPage(store.all(), input);
    return {
      HealthChecks: page.items.map(view),
      Marker: input.Marker ?? "",
      IsTruncated: page.nextMarker !== undefined,
      NextMarker: page.nextMarker,
      MaxItems: page.maxItems,
    };
  }),
});
