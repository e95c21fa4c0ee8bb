/** `hikyaku setup`: a program of its own, since no other verb needs what it is made of. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { EXIT, type ExitCode, UsageError, UserError } from '../cli/errors.ts';
import { runProgram, tell, worldOf } from '../cli/program.ts';
import { type Call, verb } from '../cli/verb.ts';
import type { Answers } from './answers.ts';
import { type Ask, Cancelled, defaults } from './ask.ts';
import { discover } from './discovery.ts';
import { filesOf } from './files.ts';
import { readOptions } from './given.ts';
import { DESCRIPTION, type OPTIONS } from './options.ts';
import { existingFiles, place } from './place.ts';
import { askAll } from './questions.ts';
import { worldSources } from './sources.ts';
import { atTerminal } from './terminal.ts';
import { tryLogin } from './try-login.ts';

/** The user's directory in the container (`docker run -v "$PWD:/setup"`). */
const DIRECTORY = '/setup';

/** The private networks of homes (RFC 1918), if the LAN is unknown. */
const LAN = '192.168.0.0/16';

async function setup(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { directory = DIRECTORY, environment, yes, untested } = call;
  if (!existsSync(directory)) {
    const how = 'docker run -it --rm -v "$PWD:/setup" hikyaku:dev setup';
    throw new UsageError(`there is no directory ${directory}: mount one (${how})`);
  }
  const ask = asker(yes, call);
  await mayOverwrite(directory, call.overwrite, ask);
  const answers = await askAll(readOptions(call), ask, {
    discover: (address) => discover(address, worldSources()),
    tryLogin,
    isTried: !untested,
    newPassword: () => randomBytes(12).toString('base64url'),
    lan: environment['HIKYAKU_SETUP_LAN'] ?? LAN,
  });
  const files = filesOf(answers);
  place(directory, files);
  ask.tell(`Written: ${files.map(({ path }) => path).join(', ')}`);
  if (answers.senders.includes('devices')) {
    ask.tell('The login for devices: user name device, password in secrets/submission_password');
  }
  // On the host, ./hikyaku goes on from here.
  if (environment['HIKYAKU_SETUP_GOES_ON'] === undefined) ask.tell(next(answers).join('\n'));
  return EXIT.ok;
}

function asker(yes: boolean, call: Call<typeof OPTIONS>): Ask {
  if (yes) return defaults(call.print);
  if (process.stdin.isTTY && process.stdout.isTTY) return atTerminal();
  throw new UsageError(
    'there is no terminal to ask at: use docker run -it, or --yes and the options',
  );
}

async function mayOverwrite(directory: string, overwrite: boolean, ask: Ask): Promise<void> {
  const files = existingFiles(directory);
  if (files.length === 0 || overwrite) return;
  const message = `A set-up is here already (${files.join(', ')}). Overwrite it?`;
  if (await ask.confirm({ message, option: '--overwrite' })) return;
  throw new UserError('nothing was written', EXIT.failed);
}

/** The next commands for the user. */
function next({ address, login }: Answers): readonly string[] {
  return [
    'Now start the relay and send a test mail:',
    '  docker compose up -d --force-recreate',
    ...(login.kind === 'oauth2' ? ['  docker compose exec relay hikyaku login'] : []),
    `  docker compose exec relay hikyaku test ${address}`,
  ];
}

/** The exit code after Ctrl-C, as shells have it: 128 and the signal's number. */
const INTERRUPTED = 130;

// Between two questions the terminal sends a signal; nothing is written before the last one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(INTERRUPTED));
}

const setupVerb = async () => verb(DESCRIPTION, setup);

void runProgram({ setup: setupVerb, help: setupVerb }, worldOf('hikyaku'), (fault, json) => {
  const code = tell(fault, json);
  return fault instanceof Cancelled ? INTERRUPTED : code;
});
