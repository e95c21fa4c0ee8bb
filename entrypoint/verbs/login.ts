import { EXIT, type ExitCode, UsageError, UserError } from '../cli/errors.ts';
import { type Call, verb } from '../cli/verb.ts';
import { prepareState } from '../companion/state.ts';
import { readGrant } from '../companion/tokens/grants.ts';
import { readStates, tokenTrouble } from '../companion/tokens/states.ts';
import { changedFiles } from '../install/install-files.ts';
import { chooseLogin, isUsers, type OAuth2Login } from '../login/choose.ts';
import { keepLogin } from '../login/keep.ts';
import { type Terminal, terminalOf } from '../login/line-terminal.ts';
import { logIn } from '../login/log-in.ts';
import { proveLogin } from '../login/prove-login.ts';
import { walkApp } from '../login/walk-app.ts';
import { render } from '../render/render.ts';
import { aboutServer } from '../reports/about.ts';
import { findingLines, wrong } from '../reports/doctor/diagnosis.ts';
import { type Say, sayIn } from '../settings/naming/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { loadSettings } from './load.ts';
import { probeContext } from './probe-context.ts';

const OPTIONS = {
  app: {
    type: 'boolean',
    default: false,
    about: 'for an application that sends by itself: show its steps, and prove each',
  },
  redirect: {
    type: 'string',
    value: 'ADDRESS',
    about: 'where the browser ends; "./hikyaku login" on the host listens there and sets it',
  },
} as const;

const WORDS = ['[ACCOUNT]'] as const;

async function login(call: Call<typeof OPTIONS, typeof WORDS>): Promise<ExitCode> {
  if (call.app) return walk(call);
  const { settings, names } = await loadSettings(call.environment);
  const chosen = chooseLogin(settings, call.words[0], isUsers);
  if (!isUsers(chosen)) {
    throw new UserError(
      `${chosen.username}: the application logs in by itself, so no user has to; "hikyaku login --app" checks it`,
      EXIT.failed,
    );
  }
  using terminal = terminalOf(call.print);
  const isIn = await logInUser(settings, chosen, {
    terminal,
    say: sayIn(names),
    warn: call.warn,
    redirect: redirectOf(call.redirect),
  });
  if (isIn) for (const line of reloadLines(settings)) call.print(line);
  return isIn ? EXIT.ok : EXIT.failed;
}

async function walk(call: Call<typeof OPTIONS, typeof WORDS>): Promise<ExitCode> {
  using terminal = terminalOf(call.print);
  const isProved = await walkApp({
    load: async () => {
      const { settings, names } = await loadSettings(call.environment);
      return { settings, say: sayIn(names) };
    },
    account: call.words[0],
    terminal,
    tryAt: (settings, login, accessToken, say) =>
      proveLogin(settings, login, accessToken, probeContext(settings), { print: call.print, say }),
  });
  if (isProved) {
    const { settings } = await loadSettings(call.environment);
    for (const line of reloadLines(settings)) call.print(line);
  }
  return isProved ? EXIT.ok : EXIT.failed;
}

/** The browser's own machine, or nothing (RFC 8252 section 7.3). */
function redirectOf(text: string | undefined): string | undefined {
  if (text === undefined || /^http:\/\/(127\.0\.0\.1|\[::1\]):\d+\/$/.test(text)) return text;
  throw new UsageError('--redirect has to be like http://127.0.0.1:8000/');
}

/** Settings that were changed since the start are not those by which mail goes out. */
function reloadLines(settings: Settings): readonly string[] {
  if (changedFiles(render(settings)).length === 0) return [];
  return ['The settings have changed since the start: run "hikyaku reload".'];
}

/** The input that a login needs from its program. */
export interface LoginScreen {
  readonly terminal: Terminal;
  readonly say: Say;
  readonly warn: (line: string) => void;
  /** The address that a listener serves for the browser; undefined: the user pastes the address. */
  readonly redirect: string | undefined;
}

/**
 * Lets a user log in, keeps the grant, and proves it by a login at every server that it is for. The
 * keeper of a relay that runs takes it up by itself. For `hikyaku login`, and for whoever has settings
 * at hand that he has just made:
 *
 *     const [first] = oauth2Logins(settings).filter(isUsers);           // login/choose.ts
 *     using terminal = terminalOf(print);                               // login/line-terminal.ts
 *     await logInUser(settings, first, { terminal, say: sayIn(variableNames), warn, redirect: undefined });
 *
 * It has to run in the container, with the volume at /var/lib/hikyaku that the relay will have.
 * @returns whether the provider lets the relay send now; what is wrong has been printed
 * @throws UserError when the state cannot be kept, no answer comes, or the user cancels
 */
export async function logInUser(
  settings: Settings,
  login: OAuth2Login,
  { terminal, say, warn, redirect }: LoginScreen,
): Promise<boolean> {
  const warning = prepareState('the refresh tokens of OAuth 2');
  if (warning !== undefined) warn(warning);
  const { print } = terminal;
  const { username } = login;
  print(`Login for ${username}`);
  const result = await logIn(login, settings.proxy, terminal, redirect);
  if (result.kind === 'trouble') {
    const finding = wrong(`login as ${username}`, result.trouble, aboutServer(login.servers[0]));
    for (const line of findingLines(finding, say)) print(line);
    return false;
  }
  print('Trying it at the mail server ...');
  const screen = { print, say };
  const context = probeContext(settings);
  const outcome = await proveLogin(settings, login, result.accessToken, context, screen);
  if (outcome === 'refused' && hasGoodLogin(login)) {
    print('This login is not kept: the one before it still counts, and its mail goes out.');
    return false;
  }
  await keepLogin(login, result);
  print(
    outcome === 'accepted'
      ? 'Done: the login is kept. Mail goes out, what waited too. Try it: "hikyaku test ADDRESS".'
      : 'The login is kept. Mend what is marked WRONG, then run "hikyaku doctor".',
  );
  return outcome === 'accepted';
}

/** Whether there is a login already that gets tokens: the mailbox of another must not take its place. */
const hasGoodLogin = (login: OAuth2Login): boolean =>
  readGrant(login).refreshToken !== '' && tokenTrouble(readStates(), login) === undefined;

export const loginVerb = verb(
  {
    name: 'login',
    words: WORDS,
    summary: 'Let a user log in to the provider once, so that the relay may send (OAuth 2).',
    details:
      'ACCOUNT is the username of an account; it can be left out when there is one. ' +
      'In the container: docker exec -it relay hikyaku login.',
    options: OPTIONS,
  },
  login,
);
