/** Something wrong in what the user gave: where it stands, what is wrong, what would be right. */
export interface Problem {
  /** The variable (`RELAY_PORT`), or the place in the file (`relay.yaml:7:9 relay.port`). */
  readonly where: string;
  /** The fault in words, with the offending value unless it may hold a secret. */
  readonly wrong: string;
  /** The remedy, as an instruction. */
  readonly right: string;
  /** `error`: the relay does not start. `warning`: it works, but the user should know. */
  readonly severity: 'error' | 'warning';
  /** The path of the setting (`accounts.0.port`), where it is known. */
  readonly setting?: string;
}

export const error = (where: string, wrong: string, right: string): Problem => ({
  where,
  wrong,
  right,
  severity: 'error',
});

export const warning = (where: string, wrong: string, right: string): Problem => ({
  where,
  wrong,
  right,
  severity: 'warning',
});

export const isError = (problem: Problem): boolean => problem.severity === 'error';

/** The one line that a user reads: `error: RELAY_PORT: "smpt" is not a port; use 587`. */
export const problemLine = ({ severity, where, wrong, right }: Problem): string =>
  `${severity}: ${where}: ${wrong}; ${right}`;

/** The end of a shortened value. */
export const CUT = '...';

/** The value as it may stand in a message: quoted, control characters escaped, cut when long. */
export function quoted(value: string): string {
  const shown = value.length > 80 ? `${value.slice(0, 77)}${CUT}` : value;
  return JSON.stringify(shown);
}
