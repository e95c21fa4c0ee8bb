/** The account of the program that listens to browsers: the Dockerfile makes it. */

/** User and group "hikyaku-page". */
const PAGE = 105;
/** The group that may ask Postfix for its queue (postqueue(1), "SECURITY"). */
const POSTDROP = 102;

/**
 * Makes the recorder a member of the page's group, so that it may give files to that group: the
 * container lacks the capability CHOWN.
 * @returns the group's number
 */
export function joinReaders(): number {
  process.setgroups?.([PAGE]);
  return PAGE;
}

/** Gives up root's rights for good (setuid(2)), before anything is heard from outside. */
export function becomePage(): void {
  process.setgroups?.([PAGE, POSTDROP]);
  process.setgid?.(PAGE);
  process.setuid?.(PAGE);
}
