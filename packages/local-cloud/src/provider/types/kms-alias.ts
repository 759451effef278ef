import {
  type AliasListEntry,
  CreateAliasCommand,
  DeleteAliasCommand,
  ListAliasesCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { during, hasCode } from "../aws-call-error.ts";
import { requiredText } from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";

const findAlias = async (name: string, scope: Scope): Promise<AliasListEntry | undefined> => {
  let Marker: string | undefined;
  do {
    const command = new ListAliasesCommand({ Marker });
    const page = await scope.aws.kms.send(command, { abortSignal: scope.signal });
    const found = page.Aliases?.find(({ AliasName }) => AliasName === name);
    if (found) return found;
    Marker = page.Truncated ? page.NextMarker : undefined;
  } while (Marker);
  return undefined;
};

export const kmsAlias: ResourceHandler = {
  async create(inputs, scope, created) {
    const name = requiredText(inputs, "name");
    const command = new CreateAliasCommand({
      AliasName: name,
      TargetKeyId: requiredText(inputs, "targetKeyId"),
    });
    try {
      await scope.aws.kms.send(command, { abortSignal: scope.signal });
    } catch (error) {
      throw during(`creating KMS Alias (${name})`, error);
    }
    created(name);
  },

  async read(id, _state, scope) {
    try {
      const alias = await findAlias(id, scope);
      if (!alias?.AliasArn) return undefined;
      const key = alias.TargetKeyId ?? "";
      return {
        arn: alias.AliasArn,
        name: id,
        targetKeyArn: alias.AliasArn.replace(/:alias\/.*$/, `:key/${key}`),
        targetKeyId: key,
      };
    } catch (error) {
      throw during(`reading KMS Alias (${id})`, error);
    }
  },

  async update({ id, planned, changed }, scope) {
    if (!changed.has("targetKeyId")) return;
    const command = new UpdateAliasCommand({
      AliasName: id,
      TargetKeyId: requiredText(planned, "targetKeyId"),
    });
    try {
      await scope.aws.kms.send(command, { abortSignal: scope.signal });
    } catch (error) {
      throw during(`updating KMS Alias (${id})`, error);
    }
  },

  async delete(id, _state, scope) {
    const command = new DeleteAliasCommand({ AliasName: id });
    try {
      await scope.aws.kms.send(command, { abortSignal: scope.signal });
    } catch (error) {
      if (hasCode(error, "NotFound")) return;
      throw during(`deleting KMS Alias (${id})`, error);
    }
  },
};
