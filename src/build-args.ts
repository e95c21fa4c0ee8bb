/** The build arguments from the host's environment. */
import type { BuildArgs } from './docker/build.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Build argument -> environment variable. */
const variables: Readonly<Record<string, string>> = {
  DEBIAN_IMAGE: 'HIKYAKU_DEBIAN_IMAGE',
  NODE_IMAGE: 'HIKYAKU_NODE_IMAGE',
  HTTP_PROXY: 'HTTP_PROXY',
  HTTPS_PROXY: 'HTTPS_PROXY',
  NO_PROXY: 'NO_PROXY',
  http_proxy: 'http_proxy',
  https_proxy: 'https_proxy',
  no_proxy: 'no_proxy',
};

/** Only variables that are set, since the Dockerfile's defaults name the public images. */
export function buildArgsFromEnvironment(env: Environment): BuildArgs {
  const args: Record<string, string> = {};
  for (const [name, variable] of Object.entries(variables)) {
    const value = env[variable];
    if (value !== undefined && value !== '') args[name] = value;
  }
  return args;
}
