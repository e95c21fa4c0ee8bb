import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { CommandFailed } from '../../entrypoint/cli/errors.ts';
import { run } from '../../scripts/command.ts';
import { startContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

/** An object as it would be sent to a cluster. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
}

const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** The text files of a folder, by their path below it. */
export async function readFolder(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(path.join(ROOT, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(path.join(ROOT, folder), file), file] as const;
    });
  const read = async ([name, file]: (typeof files)[number]) =>
    [name, await readFile(file, 'utf8')] as const;
  return Object.fromEntries(await Promise.all(files.map(read)));
}

/**
 * The output of `kubectl kustomize` for a folder.
 *
 * @param files by their path in the folder
 * @throws Error with what kubectl says
 */
export async function kustomize(
  network: TestNetwork,
  files: Readonly<Record<string, string>>,
): Promise<KubernetesObject[]> {
  const mounted = Object.entries(files).map(([name, content]) => [`/folder/${name}`, content]);
  await using kubectl = await startContainer({
    image: IMAGES.kubectl,
    network,
    aliases: ['kubectl'],
    command: ['kustomize', '/folder'],
    files: Object.fromEntries(mounted),
  });
  const exitCode = await kubectl.waitForExit();
  const { stdout, stderr } = await kubectl.output();
  if (exitCode !== 0) throw new Error(`kubectl kustomize: exit code ${exitCode}\n${stderr}`);
  return parseAllDocuments(stdout).map((document) => document.toJS());
}

/**
 * What is wrong with objects by the schemas of Kubernetes, as kubernetes-models has them; none if
 * nothing is. Its validators look at types, formats and what has to be there, but pass over a field
 * that does not exist, as the schemas do; those the compiler finds, by the package's types.
 */
export async function schemaProblems(objects: readonly KubernetesObject[]): Promise<string[]> {
  const said = await Promise.all(objects.map(invalid));
  return [...said.flat(), ...(await unknownFields(objects))];
}

const moduleOf = ({ apiVersion, kind }: KubernetesObject): string =>
  `kubernetes-models/${apiVersion}/${kind}`;

type Models = Readonly<Record<string, new (data: object) => { validate(): void }>>;

async function invalid(object: KubernetesObject): Promise<string[]> {
  const models: Models = await import(moduleOf(object));
  const Model = models[object.kind];
  if (Model === undefined) throw new Error(`${moduleOf(object)} has no ${object.kind}`);
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [`${object.kind}: ${error instanceof Error ? error.message : error}`];
  }
}

async function unknownFields(objects: readonly KubernetesObject[]): Promise<string[]> {
  const lines = objects.map(
    (object) =>
      `(${JSON.stringify(object, undefined, 1)}) satisfies import('${moduleOf(object)}').I${object.kind};`,
  );
  // In the repository, so that the package is found.
  await mkdir(path.join(ROOT, '.cache'), { recursive: true });
  const folder = await mkdtemp(path.join(ROOT, '.cache', 'kubernetes-'));
  try {
    const file = path.join(folder, 'objects.mts');
    await writeFile(file, `${lines.join('\n')}\n`);
    const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
    await run(tsc, ['--ignoreConfig', ...options, '--types', '', file], { cwd: folder });
    return [];
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.output === '') throw error;
    return error.output.split('\n').filter((line) => line.includes('error TS'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
