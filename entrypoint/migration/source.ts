import { composeServices } from './formats/compose.ts';
import { runCommands } from './formats/docker-run.ts';
import { readEnvFile } from './formats/env-file.ts';
import { chartValues } from './formats/helm.ts';
import { podContainers } from './formats/kubernetes.ts';
import { type Service, serviceOf } from './formats/service.ts';
import { plainDocuments } from './formats/yaml-documents.ts';
import { identify, isKnownImage } from './identify.ts';
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
  /** Variables whose value stood in quotes that were part of it. */
  readonly quoted: readonly string[];
  readonly hostname: string | undefined;
  /** The mount points in the container. */
  readonly mounts: readonly string[];
  /** Other sources of settings that the migration does not read, in words. */
  readonly unread: readonly string[];
}

/** Reads a file beside the current one; undefined if it does not exist. */
export type ReadBeside = (name: string) => string | undefined;

/** Every service, or the one env file, whose image is known. */
export function readSources(text: string, readBeside: ReadBeside): readonly Source[] {
  const plain = text.replace(/^\ufeff/, '');
  const services = pieces(plain).flatMap(readServices);
  // Other programs may share the env file, so a named image counts more than the variables.
  const named = services.filter(({ image }) => isKnownImage(image));
  const beside = readEnvFile(readBeside('.env') ?? '');
  const sources = (named.length > 0 ? named : services).flatMap((service) =>
    readSource(service, beside, readBeside),
  );
  return sources.length > 1 ? sources.map(withOwnName) : sources;
}

/** Services with the same name, or without one, are numbered. */
function withOwnName(source: Source, at: number, all: readonly Source[]): Source {
  const isAlone = all.every((other) => other === source || other.service !== source.service);
  if (source.service !== '' && isAlone) return source;
  return { ...source, service: `${source.service || 'service'}-${at + 1}` };
}

/** The code of a page in Markdown (CommonMark, "Fenced code blocks"); another text is one piece. */
function pieces(text: string): readonly string[] {
  const blocks = [...text.matchAll(FENCED)].map(([, , code = '']) => code);
  return blocks.length > 0 ? blocks : [text];
}

const FENCED = /^ {0,3}(`{3,}|~{3,})[^\n]*\n([\s\S]*?)^ {0,3}\1/gm;

/** A Compose file, Kubernetes manifests, the values of a chart, `docker run` lines, an env file. */
function readServices(text: string): readonly Service[] {
  const documents = plainDocuments(text) ?? [];
  const [root = {}] = documents;
  const readings = [
    () => podContainers(documents),
    () => chartValues(root),
    () => composeServices(root),
    () => runCommands(text),
  ];
  for (const read of readings) {
    const services = read();
    if (services.length > 0) return services;
  }
  return [serviceOf({ environment: readEnvFile(text) })];
}

function readSource(
  service: Service,
  beside: ReadonlyMap<string, string>,
  readBeside: ReadBeside,
): readonly Source[] {
  const { name, image, environment, envFiles, hostname, mounts, unread } = service;
  const files = envFiles.map((file) => ({ file, text: readBeside(file) }));
  const fromFiles = files.flatMap(({ text = '' }) => [...readEnvFile(text)]);
  const given = new Map<string, string | undefined>([...fromFiles, ...environment]);
  const peer = identify(image, [...given.keys()]);
  if (peer === undefined) return [];
  const missing = files.flatMap(({ file, text }) =>
    text === undefined ? [`the env file ${file}, which is not beside this one`] : [],
  );
  const values = fill(given, beside, peer);
  return [{ peer, service: name, ...values, hostname, mounts, unread: [...unread, ...missing] }];
}

/** Fills in the values, as far as they are known. */
function fill(
  given: ReadonlyMap<string, string | undefined>,
  beside: ReadonlyMap<string, string>,
  peer: Peer,
): Pick<Source, 'variables' | 'open' | 'quoted'> {
  const variables = new Map<string, string>();
  const open = new Map<string, string>();
  const quoted: string[] = [];
  for (const [key, value] of given) {
    const filled = interpolate(value ?? `\${${key}}`, beside);
    const { unknown } = filled;
    const text = withoutQuotes(filled.text);
    if (text !== filled.text) quoted.push(key);
    // The existence of the secret is enough: its value is not needed.
    const isSecret = peer.variables.some((one) => one.secret && one.name === key);
    const elsewhere = unknown ?? (text === '' ? filled.assumed : undefined);
    if (elsewhere !== undefined && !(isSecret && unknown !== undefined)) {
      open.set(key, mayBeShown(key, value) ? elsewhere : SOMEWHERE);
    } else if (text !== '' || unknown !== undefined) variables.set(key, text);
  }
  return { variables, open, quoted };
}

const SOMEWHERE = 'the shell or a .env file (Compose writes a "$" of the value itself as "$$")';

/**
 * Whether a reference may be repeated. In `user:pa$word` it is a part of a password, which should
 * have been written with `$$`.
 */
const mayBeShown = (name: string, value = ''): boolean =>
  !/passw|secret|token|sasl|^POSTMAP_/i.test(name) &&
  /^[\s:@,.[\]/]*$/.test(value.replaceAll(/\$\{[^{}]*\}|\$\w+/g, ''));

/** In `- NAME="value"`, Compose keeps the quotes in the value. */
const withoutQuotes = (text: string): string =>
  /^(?:"[^"]*"|'[^']*')$/s.test(text) ? text.slice(1, -1) : text;
