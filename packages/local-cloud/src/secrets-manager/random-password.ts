import { randomInt } from "node:crypto";
import type {
  GetRandomPasswordRequest,
  GetRandomPasswordResponse,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import { invalidParameter } from "./secret.ts";

const lowercase = "abcdefghijklmnopqrstuvwxyz";
const numbers = "0123456789";
const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

const without = (characters: string, excluded: string): string =>
  [...characters].filter((character) => !excluded.includes(character)).join("");

const pick = (characters: string): string => characters[randomInt(characters.length)] ?? "";

function shuffle(characters: readonly string[]): string {
  const shuffled = [...characters];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] ?? "", shuffled[last] ?? ""];
  }
  return shuffled.join("");
}

function randomPassword(input: GetRandomPasswordRequest): string {
  const length = input.PasswordLength ?? 32;
  const excluded = input.ExcludeCharacters ?? "";
  const types = [
    input.ExcludeLowercase === true ? "" : lowercase,
    input.ExcludeUppercase === true ? "" : lowercase.toUpperCase(),
    input.ExcludeNumbers === true ? "" : numbers,
    input.ExcludePunctuation === true ? "" : punctuation,
    input.IncludeSpace === true ? " " : "",
  ]
    .map((characters) => without(characters, excluded))
    .filter((characters) => characters !== "");
  const required = input.RequireEachIncludedType === false ? [] : types.map(pick);
  if (types.length === 0 || length < 1 || length > 4096 || required.length > length)
    throw invalidParameter("The password can't be generated with the given length and exclusions.");
  const all = types.join("");
  const rest = Array.from({ length: length - required.length }, () => pick(all));
  return shuffle([...required, ...rest]);
}

export const randomPasswordOperation: Readonly<Record<string, Operation>> = {
  GetRandomPassword: operation<GetRandomPasswordRequest, GetRandomPasswordResponse>((input) => ({
    RandomPassword: randomPassword(input),
  })),
};
