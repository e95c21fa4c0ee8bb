import { SettingsError } from '../cli/errors.ts';
import { readRelayFile } from '../inputs/relay-file.ts';
import { serversOf } from '../probe/servers.ts';
import { probe } from '../probe/walk.ts';
import type { Finding } from '../reports/doctor/diagnosis.ts';
import { serverFindings } from '../reports/doctor/server.ts';
import { namesOf, type Say, sayIn } from '../settings/naming/sentence.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings.ts';
import { probeContext } from '../verbs/probe-context.ts';
import type { Account } from './answers.ts';
import { accountYaml, CA_FILE } from './files.ts';

/** The result of a probe of the provider, in the names of relay.yaml. */
export interface Trial {
  readonly findings: readonly Finding[];
  readonly say: Say;
}

/** Logs in at the provider, as `doctor` does. @throws SettingsError when the relay would not start */
export async function tryLogin(account: Account): Promise<Trial> {
  const given = readRelayFile('relay.yaml', accountYaml(account));
  const { ca } = account;
  const reading = readSettings(given, {
    hostname: 'relay',
    interfaces: [],
    gateways: [],
    parameterNames: undefined,
    tableTypes: undefined,
    caFiles: new Map(ca === undefined ? [] : [[CA_FILE, { pem: ca }]]),
  });
  if (!reading.ok) throw new SettingsError(reading.problems);
  return { findings: await look(reading.settings, account), say: sayIn(namesOf(given)) };
}

async function look(settings: Settings, { address }: Account): Promise<readonly Finding[]> {
  const context = probeContext(settings);
  const results = await Promise.all(
    serversOf(settings).map((server) => probe(server, [address], context)),
  );
  return (
    results
      .flatMap((result) => serverFindings(result, settings))
      // The first token comes later.
      .filter(({ kind }) => kind !== 'token')
  );
}
