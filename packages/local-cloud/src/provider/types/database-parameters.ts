import { isBlank } from "../equality.ts";
import { type PropertyMap, text } from "../property-values.ts";

/** Which request parameter carries which property. */
export type Names<Message> = Readonly<Record<string, keyof Message & string>>;

/** Only what is set: an unset property is not sent. */
export const setValues = <Message>(
  properties: PropertyMap,
  names: Names<Message>,
): Partial<Message> =>
  Object.fromEntries(
    Object.entries(names)
      .filter(([property]) => !isBlank(properties[property]))
      .map(([property, parameter]) => [parameter, properties[property]]),
  ) as Partial<Message>;

export const masterPassword = (inputs: PropertyMap) => {
  const password = text(inputs, "password") ?? text(inputs, "passwordWo");
  return password === undefined ? {} : { MasterUserPassword: password };
};
