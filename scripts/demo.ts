/**
 * `npm run demo`: one mail travels from a sender through the relay to a mail provider, and the
 * provider tells what it received. Everything runs in containers and is gone afterwards. With
 * `--record` what was shown becomes the picture of the README; with `--check` it has to be that.
 */
import path from 'node:path';
import process from 'node:process';
import { describeError, EXIT, UserError } from '../entrypoint/cli/errors.ts';
import { createProgress, type Progress } from '../src/progress.ts';
import { createProject, type Project } from './compose-project.ts';
import { describeHandedIn, describeMessage, problemsOf } from './demo/evidence.ts';
import { compare, record } from './demo/picture.ts';
import { readCertificate, waitForMessage } from './demo/provider-record.ts';

const root = path.resolve(import.meta.dirname, '..');

const expected = {
  username: 'hoge',
  madeUp: 'root@linux.myhome.net',
  real: 'hoge@foo.bar.example',
};

/** Gives what it has shown. */
async function demo(project: Project, progress: Progress, signal: AbortSignal): Promise<string> {
  const shown: string[] = [];
  const show = (text: string): void => {
    shown.push(text);
    progress.line(text);
  };
  show('1. Starting a mail provider of our own in the place of foo.bar.example');
  await project.up('provider');
  const url = `http://${(await project.compose('port', 'provider', '8080')).trim()}`;
  await project.write('provider-ca.pem', await readCertificate(url));

  show('2. Starting the relay');
  await project.up('relay');

  show('3. A machine called linux.myhome.net hands in this mail:\n');
  const handedIn = await project.compose('run', '--rm', '--no-deps', '-T', 'sender');
  show(`${describeHandedIn(handedIn)}\n`);

  const message = await waitForMessage(url, 300_000, signal);
  show(`4. What the provider received, read from the provider (${url}/messages):\n`);
  show(`${describeMessage(message)}\n`);

  const problems = problemsOf(message, expected);
  if (problems.length > 0) throw new UserError(`Not as it should be: ${problems.join('; ')}.`);
  show(`The relay logged in over TLS, and ${expected.madeUp} became ${expected.real} on the way.`);
  return shown.join('\n');
}

/** Prints the logs of relay and provider after a failure of the demo. */
async function showLogs(project: Project): Promise<void> {
  for (const service of ['relay', 'provider']) {
    const log = await project.logs(service).catch(() => '');
    if (log.trim() !== '') process.stderr.write(`\nThe log of ${service}:\n\n${log}\n`);
  }
}

async function main(): Promise<number> {
  const progress = createProgress(process.stdout);
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => interrupted.abort(new UserError('interrupted')));
  }
  const { signal } = interrupted;
  const project = await createProject({
    root,
    name: 'hikyaku-demo',
    additions: ['scripts/demo/compose.yaml'],
    password: 'piyopiyo',
    settings: {
      RELAY_MYHOSTNAME: 'linux.myhome.net',
      RELAY_HOST: 'foo.bar.example',
      RELAY_USERNAME: expected.username,
      RELAY_MECHANISMS: 'plain, login',
      RELAY_GENERIC: `@linux.myhome.net=${expected.real}`,
      REPORT_TO: expected.real,
    },
    env: process.env,
    signal,
  });
  try {
    const shown = await demo(project, progress, signal);
    if (process.argv.includes('--record')) await record(root, shown);
    if (process.argv.includes('--check')) await compare(root, shown);
    return EXIT.ok;
  } catch (error) {
    process.stderr.write(`demo: ${signal.aborted ? 'interrupted' : describeError(error)}\n`);
    if (!signal.aborted) await showLogs(project);
    return EXIT.failed;
  } finally {
    const task = progress.task('taking everything down');
    await project.remove();
    task.done();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`demo: ${describeError(error)}\n`);
  process.exitCode = EXIT.failed;
}
