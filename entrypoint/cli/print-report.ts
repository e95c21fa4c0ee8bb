/**
 * Prints what a verb has found, in the one form or the other.
 * @param data what --json prints
 * @param lines what is printed for people
 */
export function printReport(
  { json, print }: { readonly json: boolean; readonly print: (line: string) => void },
  data: unknown,
  lines: () => readonly string[],
): void {
  for (const line of json ? [JSON.stringify(data, null, 2)] : lines()) print(line);
}
