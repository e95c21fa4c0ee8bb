/**
 * What the engine refuses, in one sentence with the remedy. dockerode's errors carry `statusCode`
 * and the engine's words; those of the connection carry Node.js's `code`.
 */
import { CommandFailed, EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { engineMessage } from './answers.ts';
import { explainProbes, stateFromError } from './engine.ts';
import { noSuchImage } from './images.ts';

const DISK_FULL =
  'the disk of the Docker engine is full: "docker system df" shows what takes the room, "docker system prune" frees what nothing uses.';

type Explanation = readonly [pattern: RegExp, sentence: (match: RegExpExecArray) => string];

const REFUSALS: readonly Explanation[] = [
  [/no space left on device|disk quota exceeded/i, () => DISK_FULL],
  [
    /container name "\/?([^"]+)" is already in use/i,
    ([, name]) =>
      `there is a container "${name}" already: choose another name, or remove that one (docker rm -f ${name}).`,
  ],
  [
    /volume name (\S+) already|network with name (\S+) already exists/i,
    ([, volume, network]) =>
      `the name "${volume ?? network}" is taken: choose another, or remove what has it.`,
  ],
  [
    /client version (\S+) is too (?:old|new)|minimum supported API version/i,
    () =>
      "the Docker engine's API does not fit this version of Hikyaku: update Docker, or Hikyaku if Docker is the newer one.",
  ],
  [
    /invalid reference format|invalid tag|invalid repository name|repository name must be lowercase/i,
    () =>
      'the engine does not take that as the name of an image: use small letters, digits and ". _ - /", and one ":" before the tag, as in example/relay:1.0.',
  ],
  [
    /port is already allocated|address already in use/i,
    ({ input }) =>
      `the port ${portIn(input)} of this machine is taken: "ss -ltnp" as root shows by which program ("docker ps" by which container), or publish another`,
  ],
  [
    /cannot assign requested address/i,
    ({ input }) =>
      `the port ${portIn(input)} cannot be published at that address, since this machine does not have it: "ip address" lists those that it has`,
  ],
  [/No such image: (\S+)/i, ([, name]) => noSuchImage(`${name}`)],
];

/** The port of the host; the container's own may stand behind it (`0.0.0.0:2525:172.17.0.2:25`). */
const portIn = (said: string): string =>
  /\b(?:for|port|tcp[46]?) (?:\[[\da-f:.]+\]|[\d.]*|::):(\d+)\b/i.exec(said)?.[1] ??
  'that is published';

const CONNECTION_CODES = new Set(['ENOENT', 'EACCES', 'EPERM', 'ECONNREFUSED']);
const BROKEN_CODES = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The error in words for the user, or as it was when there is nothing better to say. */
export function explainEngineError(error: unknown): unknown {
  if (error instanceof CommandFailed) {
    const isFull = REFUSALS[0]?.[0].test(error.message) === true;
    return isFull ? new CommandFailed(DISK_FULL, error.output) : error;
  }
  if (!(error instanceof Error) || error instanceof UserError) return error;
  return ('statusCode' in error ? refusal(error) : connection(error)) ?? error;
}

function refusal(error: Error): UserError | undefined {
  const said = engineMessage(error);
  for (const [pattern, sentence] of REFUSALS) {
    const match = pattern.exec(said);
    if (match !== null) return new UserError(sentence(match));
  }
  return new UserError(`the Docker engine refuses this: ${said}`);
}

/** Only calls of connect(2): a file that is missing has the same code, and is another matter. */
function connection(error: Error): UserError | undefined {
  const { code, syscall, address } = error as NodeJS.ErrnoException & { readonly address?: string };
  if (code === undefined) return undefined;
  if (syscall === 'connect' && CONNECTION_CODES.has(code)) {
    const probe = { ...stateFromError(error), address: `${address}` };
    return new UserError(explainProbes([probe]), EXIT.unavailable);
  }
  if (!BROKEN_CODES.has(code)) return undefined;
  return new UserError(
    'the Docker engine broke off the connection: see whether it still runs.',
    EXIT.unavailable,
  );
}
