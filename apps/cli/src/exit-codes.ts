/** The command's contract with scripts. A code keeps its meaning for every subcommand. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodesHelp = `
Exit codes:
  0    done
  1    failed
  2    usage: an unknown option, a value that is not allowed
  130  interrupted; what was started has been ended
`;
