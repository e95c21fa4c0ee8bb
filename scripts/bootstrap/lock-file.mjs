/**
 * @typedef {{ readonly version?: string, readonly optional?: boolean, readonly link?: boolean,
 *   readonly resolved?: string, readonly integrity?: string }} LockedPackage
 * @typedef {{ readonly packages?: Readonly<Record<string, LockedPackage>> }} LockFile
 */

/**
 * Whether node_modules (as its hidden lock file tells) holds what the lock file asks for. Content
 * is compared, not dates: git gives a file the date of the check-out.
 *
 * @param {LockFile} wanted package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json
 * @returns {boolean}
 */
export function lockIsInstalled(wanted, installed) {
  const want = wanted.packages ?? {};
  const have = installed.packages ?? {};
  return (
    Object.entries(want).every(([name, entry]) => {
      // The root itself is not listed; an optional package may be for another platform.
      const found = have[name];
      if (found === undefined) return name === '' || entry.optional === true;
      if (found.version !== entry.version) return false;
      return entry.integrity === undefined || found.integrity === entry.integrity;
    }) && Object.keys(have).every((name) => want[name] !== undefined)
  );
}
