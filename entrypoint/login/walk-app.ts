import { rmSync } from 'node:fs';
import { EXIT, UserError } from '../cli/errors.ts';
import { TOKENS } from '../companion/programs.ts';
import { requestToken } from '../companion/tokens/request.ts';
import { aboutServer } from '../reports/about.ts';
import { findingLines, wrong } from '../reports/doctor/diagnosis.ts';
import { type Say, words } from '../settings/naming/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { APP_STEPS, type AppStep, STEP_TITLES, stepLines } from './app-steps.ts';
import { tokenProof } from './check-app.ts';
import { chooseLogin, isUsers, type OAuth2Login, oauth2Logins } from './choose.ts';
import type { Terminal } from './line-terminal.ts';
import type { Outcome } from './prove-login.ts';

/** The input that the walk needs from its program. */
export interface AppWalk {
  /** The current settings, since the user may change them between two rounds. */
  readonly load: () => Promise<{ readonly settings: Settings; readonly say: Say }>;
  readonly account: string | undefined;
  readonly terminal: Terminal;
  readonly tryAt: (
    settings: Settings,
    login: OAuth2Login,
    accessToken: string,
    say: Say,
  ) => Promise<Outcome>;
}

/**
 * Goes through the steps of an application with its administrator: proves what is done, shows the
 * next step with its values, and begins again when the user says that it is done.
 * @returns whether all is proved
 * @throws UserError when no application is meant, or it is broken off
 */
export async function walkApp(walk: AppWalk): Promise<boolean> {
  for (;;) {
    const isDone = await round(walk);
    if (isDone || !walk.terminal.isThere) return isDone;
    await walk.terminal.ask('Press Enter when it is done, to check again (Ctrl-C ends): ');
    walk.terminal.print('');
  }
}

async function round({ load, account, terminal: { print }, tryAt }: AppWalk): Promise<boolean> {
  const { settings, say } = await load();
  if (account === undefined && oauth2Logins(settings).every(isUsers)) {
    for (const line of beginning(say)) print(line);
    return false;
  }
  const login = chooseLogin(settings, account, (one) => !isUsers(one));
  const { username, oauth2 } = login;
  const { provider } = oauth2;
  if (isUsers(login)) {
    throw new UserError(
      `${username} is a user's login; an application has client_secret or certificate_file (Microsoft), or service_account_file (Google)`,
      EXIT.failed,
    );
  }
  if (provider === undefined) {
    throw new UserError(
      `the steps of this provider are not known (only those of microsoft and google): "hikyaku doctor" checks ${username}`,
      EXIT.failed,
    );
  }
  const about = aboutServer(login.servers[0]);
  const { accessToken, objectId, ...proof } = tokenProof(
    await requestToken(login, '', settings.proxy),
    provider,
  );
  let { proved, next } = proof;
  print(`${username}, the application by itself:`);
  const outcome =
    accessToken === undefined ? undefined : await tryAt(settings, login, accessToken, say);
  if (outcome === 'accepted') [proved, next] = [APP_STEPS[provider], undefined];
  if (outcome === 'elsewhere') next = undefined;
  for (const line of stepsShown(provider, proved)) print(line);
  if (proof.trouble !== undefined) {
    const finding = wrong(`token for ${username}`, proof.trouble, about);
    for (const line of findingLines(finding, say)) print(line);
  }
  if (outcome === 'accepted') {
    // The keeper of tokens may be in a pause.
    rmSync(TOKENS.dueFile, { force: true });
    print('Done: mail goes out, what waited too. Try it: "hikyaku test ADDRESS".');
    return true;
  }
  if (next !== undefined) {
    const { setting } = about;
    const values = { mailbox: username, clientId: oauth2.clientId, objectId, setting };
    print('');
    print(`Next: ${STEP_TITLES[next]}`);
    for (const line of stepLines(next, values)) print(`  ${say(line)}`);
    print('');
  }
  return false;
}

/** The first step at either provider, before the settings name an application. */
function beginning(say: Say): readonly string[] {
  const { setting } = aboutServer(undefined);
  const values = { mailbox: '', clientId: '', objectId: undefined, setting };
  return Object.entries(APP_STEPS).flatMap(([provider, [first]]) => [
    `${provider}: the settings name no application yet. Begin so:`,
    ...stepLines(first, values).map((line) => `  ${say(line)}`),
    `  ${say(words`${setting('oauth2.provider', provider)}, and ${setting('username')} is the mailbox that sends.`)}`,
    '  Start the relay with these settings, then run "hikyaku login --app" again.',
    '',
  ]);
}

const stepsShown = (
  provider: keyof typeof APP_STEPS,
  proved: readonly AppStep[],
): readonly string[] =>
  APP_STEPS[provider].map(
    (step, index) =>
      `${proved.includes(step) ? 'ok   ' : 'to do'}  ${index + 1}. ${STEP_TITLES[step]}`,
  );
