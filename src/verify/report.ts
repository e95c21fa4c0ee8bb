/** What one check found, and the report made of all. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
}

/** A check's result: `found` is what a person reads when it is not what was expected. */
export const finding = (check: string, expected: string, ok: boolean, found: string): Finding => ({
  check,
  ok,
  expected,
  found: ok && found === '' ? expected : oneLine(found),
});

const LONGEST = 300;

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ') || 'nothing';
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

export const reportLine = ({ check, ok, expected, found }: Finding): string =>
  ok ? `ok      ${check}: ${found}` : `FAILED  ${check}: expected ${expected}; found ${found}`;

/** The last line. */
export function summaryLine(image: string, findings: readonly Finding[]): string {
  const failed = findings.filter(({ ok }) => !ok).length;
  return failed === 0
    ? `${image}: all ${findings.length} checks passed`
    : `${image}: ${failed} of ${findings.length} checks failed`;
}
