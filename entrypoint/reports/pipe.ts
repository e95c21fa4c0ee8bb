/** Stands for the name of a container that does not know what it is called. */
const UNKNOWN = 'CONTAINER';

/**
 * What the host calls this container: an engine gives it the beginning of its ID as its host name,
 * unless the user gives another one.
 */
export const containerName = (hostname: string): string =>
  /^[0-9a-f]{12}$/.test(hostname) ? hostname : UNKNOWN;

/**
 * How the host pipes the log to a verb, since no program in the container can read it.
 * @param verb the verb and its words
 * @param since how far back, as `docker logs` has it
 */
export function pipedLog(verb: string, container = UNKNOWN, since?: string): string {
  const logs = `docker logs ${since === undefined ? '' : `--since ${since} `}${container} 2>&1`;
  const name = container === UNKNOWN ? ` (${UNKNOWN}: its name in "docker ps")` : '';
  return `${logs} | docker exec -i ${container} hikyaku ${verb}${name}`;
}
