import { readCompose, type Service } from './compose.ts';
import { readEnvFile } from './env-file.ts';
import { identify } from './identify.ts';
import { interpolate } from './interpolation.ts';
import type { Peer, Variables } from './peer.ts';

/** The settings of another image, as they stood in a file. */
export interface Source {
  readonly peer: Peer;
  /** The service's name; empty for an env file. */
  readonly service: string;
  readonly variables: Variables;
  /** Variables whose value stands elsewhere, by what stands in its place: `${RELAYHOST}`. */
  readonly open: ReadonlyMap<string, string>;
}

/** Reads the text of a file beside the one that is read; undefined where there is none. */
export type ReadBeside = (name: string) => string | undefined;

/** Every service, or the one env file, whose image is known. */
export function readSources(text: string, readBeside: ReadBeside): readonly Source[] {
  const services = readCompose(text);
  const beside = readEnvFile(readBeside('.env') ?? '');
  const all = services ?? [
    { name: '', image: '', environment: readEnvFile(text), envFiles: [] } satisfies Service,
  ];
  return all.flatMap((service) => readSource(service, beside, readBeside));
}

function readSource(
  { name, image, environment, envFiles }: Service,
  beside: ReadonlyMap<string, string>,
  readBeside: ReadBeside,
): readonly Source[] {
  const fromFiles = envFiles.flatMap((file) => [...readEnvFile(readBeside(file) ?? '')]);
  const given = new Map<string, string | undefined>([...fromFiles, ...environment]);
  const peer = identify(image, [...given.keys()]);
  if (peer === undefined) return [];
  const variables = new Map<string, string>();
  const open = new Map<string, string>();
  for (const [key, value] of given) {
    const { text, unknown } = interpolate(value ?? `\${${key}}`, beside);
    // That there is a secret is enough: its value is not needed.
    const isSecret = peer.variables.some((one) => one.secret && one.name === key);
    if (unknown !== undefined && !isSecret) open.set(key, unknown);
    else if (text !== '' || unknown !== undefined) variables.set(key, text);
  }
  return [{ peer, service: name, variables, open }];
}
