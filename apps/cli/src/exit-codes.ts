/** The command's contract with scripts. A code keeps its meaning for every subcommand. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  unconfirmed: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: "done; status: everything was looked at, whatever it found",
  1: "failed",
  2: "usage: an unknown option, a value that is not allowed, a project that is not one",
  3: "refused by a safety check, nothing was changed; preflight: a failover would be refused",
  4: "done and not confirmed: promoted, and DNS not moved, or Pulumi's state not in line yet; the same command goes on there",
  130: "interrupted; what was started has been ended",
};

export const exitCodesHelp = `
Exit codes:
${Object.entries(exitCodeMeanings)
  .map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`)
  .join("\n")}
`;
