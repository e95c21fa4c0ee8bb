#!/usr/bin/env node
/** The builder's command line: `npx hikyaku VERB` in the checkout. */
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { buildArgsFromEnvironment } from './build-args.ts';
import { buildVisibly } from './docker/build-progress.ts';
import { connectEngine } from './docker/engine.ts';
import { CommandFailed, describeError, exitCode, UserError } from './errors.ts';
import { check, type HostCall, migrate, printFiles } from './host-verbs.ts';
import { createProgress } from './progress.ts';
import { relayImage, relayTag } from './relay-image.ts';

const usage = `Usage: hikyaku VERB [options]

  build [--tag ${relayTag}]   build the relay's image
  check [FILE] [--json]       check the settings (relay.yaml and the variables), no Docker needed
  render [FILE] [--json]      print every file that the relay would write, with secrets as ***
  migrate [FILE [SERVICE]]    turn another relay image's Compose or env file into a relay.yaml
`;

const root = path.resolve(import.meta.dirname, '..');

async function main(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  switch (verb) {
    case 'build':
      return build(rest);
    case 'check':
      return onHost(check, rest);
    case 'render':
      return onHost(printFiles, rest);
    case 'migrate':
      return onHost(migrate, rest);
    case undefined:
    case '--help':
    case '-h':
    case 'help':
      process.stdout.write(usage);
      return verb === undefined ? exitCode.usage : exitCode.ok;
    default:
      process.stderr.write(`hikyaku: there is no verb "${verb}"\n\n${usage}`);
      return exitCode.usage;
  }
}

async function build(args: string[]): Promise<number> {
  const options = {
    tag: { type: 'string', default: relayTag },
    help: { type: 'boolean' },
  } as const;
  const { values } = readOptions(() => parseArgs({ args, options }));
  if (values.help === true) {
    process.stdout.write(usage);
    return exitCode.ok;
  }
  const { docker } = await connectEngine(process.env);
  const recipe = await relayImage(root, values.tag);
  const buildArgs = buildArgsFromEnvironment(process.env);
  try {
    await buildVisibly(docker, recipe, buildArgs, createProgress(process.stdout));
  } catch (error) {
    throw withoutRegistry(error) ?? error;
  }
  return exitCode.ok;
}

/** A verb that needs neither Docker nor Postfix. */
function onHost(verb: (call: HostCall) => Promise<number>, args: string[]): Promise<number> {
  const options = { json: { type: 'boolean', default: false } } as const;
  const { values, positionals } = readOptions(() =>
    parseArgs({ args, options, allowPositionals: true }),
  );
  return verb({
    environment: process.env,
    words: positionals,
    json: values.json,
    print: (line) => void process.stdout.write(`${line}\n`),
    warn: (line) => void process.stderr.write(`hikyaku: ${line}\n`),
  });
}

/** What to do when a base image cannot be pulled; nothing for any other failure. */
function withoutRegistry(error: unknown): UserError | undefined {
  if (!(error instanceof CommandFailed) || !/ \(FROM /.test(error.message)) return undefined;
  return new UserError(
    `${error.message}\nWhere no image registry can be reached, "npm run image" makes the base images itself.`,
  );
}

/** A mistyped option is the user's mistake, not our bug. */
function readOptions<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof TypeError ? new UserError(`${error.message}\n\n${usage}`) : error;
  }
}

// Whoever reads the output may have seen enough of it: "hikyaku render | head".
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCode.ok);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`hikyaku: ${describeError(error)}\n`);
  process.exitCode = exitCode.failed;
}
