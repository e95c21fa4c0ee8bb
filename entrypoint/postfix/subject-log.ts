/**
 * How the recorder learns the subject of a message: cleanup(8) writes it into the log (INFO in
 * header_checks(5)), with a mark at the end of the line. The recorder keeps such lines to itself.
 */

const MARK = 'hikyaku-subject';

/** A table for header_checks, written in main.cf itself (DATABASE_README, "inline"). */
export const SUBJECT_CHECKS = `pcre:{ {/^Subject:/ INFO ${MARK}} }`;

/** A subject as it stands in the header, and the message's queue ID. */
export interface LoggedSubject {
  readonly id: string;
  readonly subject: string;
}

/** `F00: info: header Subject: TEXT from unknown[192.0.2.7]; from=<…> …: hikyaku-subject` */
const LINE = new RegExp(
  String.raw`\]: (\w+): info: header Subject: ?(.*) from \S+; from=<.*: ${MARK}$`,
);

/** Undefined for any other line. */
export function subjectIn(line: string): LoggedSubject | undefined {
  if (!line.endsWith(MARK)) return undefined;
  const [, id, subject] = LINE.exec(line) ?? [];
  return id === undefined || subject === undefined ? undefined : { id, subject };
}
