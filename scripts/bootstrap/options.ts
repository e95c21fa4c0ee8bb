/** The command line of bootstrap: flags first, then the command. */
import { UserError } from '../../entrypoint/cli/errors.ts';

export interface Options {
  readonly engine: boolean;
  readonly compose: boolean;
  readonly image: boolean;
  /** Names in the table of test images; `all` for every one of them. */
  readonly testImages: readonly string[] | 'all';
  readonly command: readonly string[];
}

const usage =
  'usage: node scripts/bootstrap.mjs [--engine] [--compose] [--image] [--test-image NAME]... [--test-images] [command argument...]';

/** Reads the command line. @throws UserError with the usage, for a flag that does not exist or lacks its name */
export function parseOptions(args: readonly string[]): Options {
  const named: string[] = [];
  const flags = new Set<string>();
  let at = 0;
  for (; args[at]?.startsWith('--') === true; at += 1) {
    const flag = args[at];
    switch (flag) {
      case '--engine':
      case '--compose':
      case '--image':
      case '--test-images':
        flags.add(flag);
        break;
      case '--test-image': {
        at += 1;
        const name = args[at];
        if (name === undefined) throw new UserError(`--test-image needs a name\n${usage}`);
        named.push(name);
        break;
      }
      default:
        throw new UserError(`there is no option ${flag}\n${usage}`);
    }
  }
  return {
    engine: flags.has('--engine'),
    compose: flags.has('--compose'),
    image: flags.has('--image'),
    testImages: flags.has('--test-images') ? 'all' : named,
    command: args.slice(at),
  };
}
