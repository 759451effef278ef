import { readFileSync } from "node:fs";
import type { PropertyValue } from "./property-values.ts";

/** How the AWS provider describes one input of a resource type. Rules name siblings. */
export interface InputField {
  readonly type: "string" | "number" | "boolean" | "list" | "map" | "object" | "archive";
  readonly required?: boolean;
  /** A change replaces the resource. */
  readonly forceNew?: boolean;
  /** The provider fills it in when unset: leaving it out keeps what the state has. */
  readonly computed?: boolean;
  /** Unordered: compared by content. */
  readonly set?: boolean;
  readonly sensitive?: boolean;
  /** Sent to AWS, never kept in the state, never a difference. */
  readonly writeOnly?: boolean;
  /** Only truthy defaults become inputs; falsy ones only mean what an unset property means. */
  readonly default?: PropertyValue;
  readonly conflictsWith?: readonly string[];
  readonly requiredWith?: readonly string[];
  readonly exactlyOneOf?: readonly string[];
  readonly atLeastOneOf?: readonly string[];
  /** The Terraform name where it is not simply the snake case of the Pulumi name. */
  readonly terraformName?: string;
  /** A JSON document: an equivalent spelling is no difference. */
  readonly json?: boolean;
  /** Of the object, or of the list's elements. */
  readonly fields?: InputFields;
}

export type InputFields = Readonly<Record<string, InputField>>;

export interface ResourceContract {
  readonly terraform: string;
  readonly autoName?: {
    readonly property: string;
    readonly maxLength: number;
    readonly separator: string;
    readonly prefix?: string;
  };
  readonly deleteBeforeReplace?: boolean;
  readonly taggable?: boolean;
  readonly timeoutSeconds?: {
    readonly create?: number;
    readonly update?: number;
    readonly delete?: number;
  };
  readonly inputs: InputFields;
  /** Outputs that are no inputs. */
  readonly computedOutputs: readonly string[];
}

const contracts = JSON.parse(
  readFileSync(new URL("./contract.json", import.meta.url), "utf8"),
) as Readonly<Record<string, ResourceContract>>;

/** Merged at Check from the tags and the provider's default tags. */
const tagsAll: InputField = { type: "map" };

/** Throws for a type that the local cloud does not know. */
export const contractOf = (type: string): ResourceContract => {
  const contract = contracts[type];
  if (contract === undefined) {
    throw new Error(
      `NotModelled: the local cloud's stand-in for the aws provider does not know ${type}. It knows: ${Object.keys(contracts).join(", ")}`,
    );
  }
  return contract.taggable === true
    ? { ...contract, inputs: { ...contract.inputs, tagsAll } }
    : contract;
};

export const knownTypes = (): readonly string[] => Object.keys(contracts);

export const terraformName = (name: string, field: InputField | undefined): string =>
  field?.terraformName ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
