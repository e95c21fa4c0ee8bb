import { EXIT } from '../../entrypoint/cli/errors.ts';
import { SIGNAL_CODES } from '../../src/broken-off.ts';
import { markdownTable } from './markdown.ts';
import { withMarked } from './marked.ts';

type Meaning = readonly [means: string, inContainer: string, onHost: string];

/** Typed by the codes, so that a new one does not compile until it is explained. */
const MEANINGS: Readonly<Record<keyof typeof EXIT, Meaning>> = {
  ok: ['done, or the answer is yes', 'the relay itself: `docker stop` ended it', ''],
  failed: [
    'the answer is no',
    '`health`: no mail can be handed in; `doctor`: something is wrong; `status`: Postfix does not run; `test`: the mail was not delivered; `trace`, `queue`: there is no such mail; `login`: nobody logged in, or the mail server refuses it; `setup`: the login failed, or nothing may be overwritten',
    '`verify`: a check failed; `inspect --compare`: the images differ; `status`: the relay does not run; `trace`: there is no such mail; an image or a container that is no relay of Hikyaku, where one is wanted (`inspect` looks into any image)',
  ],
  usage: [
    'the command line is wrong',
    'an unknown, missing or surplus verb, option or word; `migrate`: nothing it knows',
    'the same',
  ],
  unavailable: [
    'the service asked does not answer now',
    'Postfix does not run, or another `reload` goes on',
    'the Docker engine does not answer, or may not be used',
  ],
  bug: ['a bug in Hikyaku: please report it with its output', '', ''],
  system: [
    'a required resource is missing or failed',
    'the relay itself, before it starts: rights, a volume, the disk, a port; a failed program of Postfix',
    'a missing image, container or file; an unreadable file; a failed build or start; a refusal by the engine',
  ],
  configuration: [
    'the settings are invalid; all errors are listed',
    'the relay itself, before it starts; `check`, `render`, `reload`, `status`, `doctor`; `migrate`: a restriction that is lost',
    '`check`, `render`, `run`; `bake`, also for a secret in the file',
  ],
};

function exitCodes(): string {
  const rows = Object.entries(MEANINGS).map(([name, meaning]) => [
    String(EXIT[name as keyof typeof EXIT]),
    ...meaning,
  ]);
  const signals = Object.values(SIGNAL_CODES).join(', ');
  const brokenOff = [
    'stopped by a signal',
    '`setup`: Ctrl-C; nothing was written',
    '`verify`, `run`, `setup` and `inspect` first remove what they created; other verbs stop at once',
  ];
  return markdownTable(
    ['Code', 'Means', 'In the container', 'On the host (`./hikyaku`)'],
    [...rows, [signals, ...brokenOff]],
  );
}

/** docs/operation.md with its table of exit codes written anew. */
export const withExitCodes = (page: string): string => withMarked(page, 'exit-codes', exitCodes());
