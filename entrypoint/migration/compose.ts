import { parseDocument } from 'yaml';

/** A service of a Compose file: what matters of it here. */
export interface Service {
  readonly name: string;
  readonly image: string;
  /** A variable without a value is taken over from where Compose is started. */
  readonly environment: ReadonlyMap<string, string | undefined>;
  /** Files with more variables, relative to the Compose file. */
  readonly envFiles: readonly string[];
}

/**
 * Reads a Compose file, or undefined for a text that is none. Every scalar is taken as the text it
 * is: `587` and `yes` are what somebody typed.
 */
export function readCompose(text: string): readonly Service[] | undefined {
  const document = parseDocument(text, { schema: 'failsafe', merge: true, prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  const root = toObject(toPlain(document));
  const services = toObject(root['services']);
  const found = Object.entries(Object.keys(services).length > 0 ? services : root);
  const read = found.flatMap(([name, service]) => readService(name, toObject(service)));
  return read.length > 0 ? read : undefined;
}

/** Aliases are bounded by yaml itself; a file that grows beyond all bounds is none. */
function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

function readService(name: string, service: Readonly<Record<string, unknown>>): readonly Service[] {
  if (!('image' in service) && !('environment' in service) && !('env_file' in service)) return [];
  return [
    {
      name,
      image: String(service['image'] ?? ''),
      environment: readEnvironment(service['environment']),
      envFiles: readEnvFiles(service['env_file']),
    },
  ];
}

/** A mapping, or a list of `NAME=value`. */
function readEnvironment(node: unknown): ReadonlyMap<string, string | undefined> {
  if (Array.isArray(node)) {
    return new Map(
      node.map(String).map((line) => {
        const equals = line.indexOf('=');
        return equals < 0 ? [line, undefined] : [line.slice(0, equals), line.slice(equals + 1)];
      }),
    );
  }
  return new Map(
    Object.entries(toObject(node)).map(([name, value]) => [
      name,
      value === null ? undefined : String(value),
    ]),
  );
}

/** One name, several, or several as `{ path: name }`. */
function readEnvFiles(node: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(node) ? node : node === undefined ? [] : [node];
  return all.map((one) => String(toObject(one)['path'] ?? one));
}

const toObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
