/** The contents of an image, from its own records, without running it. */
import { DEFAULT_FILE } from '../../entrypoint/inputs/merge.ts';
import { readRelayFile } from '../../entrypoint/inputs/relay-file.ts';
import { isError } from '../../entrypoint/messages/problem.ts';
import { MASK } from '../../entrypoint/settings/hiding/mask.ts';
import { secretsInFile } from '../appliance/baked-settings.ts';
import type { Docker } from '../docker/engine.ts';
import { type ImageFacts, imageFacts } from '../docker/image-facts.ts';
import { withImageFiles } from '../docker/image-files.ts';
import { type Module, type Package, readBill, readDpkgStatus } from './packages.ts';

export interface Inspection {
  readonly name: string;
  readonly image: Omit<ImageFacts, 'env'>;
  readonly postfix: string | null;
  readonly node: string | null;
  readonly debian: string | null;
  readonly packages: readonly Package[];
  readonly modules: readonly Module[];
  readonly settings: {
    /** `NAME=value`, a secret masked. */
    readonly variables: readonly string[];
    /** The relay.yaml inside, a secret masked. */
    readonly file: string | null;
  };
}

export async function inspectImage(docker: Docker, name: string): Promise<Inspection> {
  const { env, ...image } = await imageFacts(docker, name);
  return await withImageFiles(docker, name, async (read) => {
    const packages = readDpkgStatus((await read('/var/lib/dpkg/status')) ?? '');
    const file = await read(DEFAULT_FILE);
    return {
      name,
      image,
      postfix: packages.find((one) => one.name === 'postfix')?.version ?? null,
      node: readBill(await read('/usr/share/hikyaku/node.cdx.json'))[0]?.version ?? null,
      debian: (await read('/etc/debian_version'))?.trim() ?? null,
      packages,
      modules: readBill(await read('/usr/share/hikyaku/program.cdx.json')),
      settings: {
        variables: env.filter((line) => /^(RELAY|POSTFIX)_/.test(line)).map(maskVariable),
        file: file === undefined ? null : maskFile(file),
      },
    };
  });
}

/** Masks every value that may be a secret, rather too many than too few. */
export const maskVariable = (line: string): string =>
  /^[^=]*(PASSW|SECRET|CREDENTIAL|RELAY_CONFIG=)/i.test(line)
    ? `${line.slice(0, line.indexOf('='))}=${MASK}`
    : line;

/**
 * `bake` refuses secrets, but a file from elsewhere may hold one. Such a file is not shown at all,
 * since the text may spell the secret differently from its value (quotes, escapes).
 */
export function maskFile(text: string): string {
  const given = readRelayFile('relay.yaml', text);
  // A file with errors may hold a secret anywhere.
  if (given.isIncomplete || given.problems.some(isError)) return MASK;
  return secretsInFile(given).length > 0 ? MASK : text;
}
