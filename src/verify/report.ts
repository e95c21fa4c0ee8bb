/** The result of one check, and the report of all. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly expected: string;
  /** The unexpected observation; empty after a success. */
  readonly found: string;
}

/** @param look throws what is wrong */
export async function finding(
  check: string,
  expected: string,
  look: () => Promise<void>,
): Promise<Finding> {
  try {
    await look();
    return { check, ok: true, expected, found: '' };
  } catch (fault) {
    const words = fault instanceof Error ? fault.message : String(fault);
    return { check, ok: false, expected, found: oneLine(words) };
  }
}

const LONGEST = 300;

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

export const reportLine = ({ check, ok, expected, found }: Finding): string =>
  ok ? `ok      ${check}: ${expected}` : `FAILED  ${check}: expected ${expected}; found ${found}`;

/** The last line. */
export function summaryLine(image: string, findings: readonly Finding[]): string {
  const failed = findings.filter(({ ok }) => !ok).length;
  return failed === 0
    ? `${image}: all ${findings.length} checks passed`
    : `${image}: ${failed} of ${findings.length} checks failed`;
}
