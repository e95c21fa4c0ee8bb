/** `hikyaku bake` */
import { EXIT, SettingsError } from '../../entrypoint/cli/errors.ts';
import { problemLine } from '../../entrypoint/messages/problem.ts';
import { bake } from '../appliance/bake.ts';
import { untilBrokenOff } from '../broken-off.ts';
import { connectEngine } from '../docker/engine.ts';
import { filesNotIn } from '../docker/image-files.ts';
import { requireRelay } from '../docker/images.ts';
import { hostSettings } from '../host-settings.ts';
import { createProgress } from '../progress.ts';
import { relayTag } from '../recipes.ts';
import { hostVerb } from './host-verb.ts';

const defaultTag = 'hikyaku-appliance:dev';

export const bakeVerb = hostVerb(
  {
    name: 'bake',
    words: ['FILE'],
    summary: 'Check a relay.yaml and build an image of the relay with it inside.',
    details: `A secret in the file is refused: name its file (password_file) and mount it at run time.`,
    options: {
      tag: {
        type: 'string',
        default: defaultTag,
        value: 'NAME',
        about: `its name (${defaultTag})`,
      },
      from: { type: 'string', default: relayTag, value: 'IMAGE', about: `the relay (${relayTag})` },
    },
  },
  async ({ words: [file], from, tag, environment, stdout, print, warn }) => {
    // The image has only the file: this machine's environment does not count.
    const { warnings, secretsInFile, text, files } = hostSettings({}, file, true);
    for (const problem of warnings) warn(problemLine(problem));
    if (secretsInFile.length > 0) throw new SettingsError(secretsInFile);
    const { docker } = await connectEngine(environment);
    await requireRelay(docker, from);
    await bake(docker, { from, tag, settings: text }, createProgress(stdout));
    const { ofSettings, others } = files;
    for (const name of await untilBrokenOff(() =>
      filesNotIn(docker, tag, [...ofSettings, ...others]),
    )) {
      print(`at run time it needs ${name}: docker run -v /the/file/here:${name}:ro`);
    }
    return EXIT.ok;
  },
);
