import { readFileSync } from 'node:fs';
import { SettingsError } from '../../entrypoint/cli/errors.ts';
import { hostSettings } from '../../src/host-settings.ts';
import { terminalPicture } from './terminal-picture.ts';

/** Five mistakes that people make, and one that they do not notice. */
const WRONG = {
  RELAY_HOST: 'smtp.gmail.com',
  RELAY_PORT: '465',
  RELAY_TLS: 'none',
  RELAY_USERNAME: 'me@gmail.com',
  RELAY_PASWORD: 'piyopiyo',
  RELAY_NETWORKS: '192.168.1.10/24',
  RELAY_GENERIC: '@linux.myhome.net=me',
};

/** The output of `hikyaku check` for these settings. */
function refusal(environment: Readonly<Record<string, string>>): string {
  try {
    hostSettings(environment, '/nowhere/relay.yaml', false);
  } catch (fault) {
    if (!(fault instanceof SettingsError)) throw fault;
    return fault.message
      .split('\n')
      .map((line) => `hikyaku: ${line}`)
      .join('\n');
  }
  throw new Error('settings that are wrong were taken');
}

const given = Object.entries(WRONG)
  .map(([name, value]) => `-e ${name}=${value}`)
  .join(' ');

/** The pictures of the README, by their path; each text is what the command wrote. */
export const pictures = (): readonly (readonly [string, string])[] => [
  ['docs/pictures/refused.svg', terminalPicture(`docker run ${given} hikyaku:dev`, refusal(WRONG))],
  // `npm run demo -- --record` writes its text.
  ['docs/pictures/demo.svg', terminalPicture('npm run demo', recorded('demo'))],
  ['docs/pictures/setup.svg', terminalPicture('./hikyaku setup', recorded('setup'))],
];

const recorded = (name: string): string =>
  readFileSync(new URL(`../../docs/pictures/${name}.txt`, import.meta.url), 'utf8');
