/** The questions, in their order; an option that was given answers its question. */
import { EXIT, UserError } from '../cli/errors.ts';
import { findingLines, isWrong } from '../reports/doctor/diagnosis.ts';
import { findPreset } from '../settings/providers.ts';
import type { Account, Answers, Login, Sender, Server, TokenProvider } from './answers.ts';
import type { Ask } from './ask.ts';
import type { Candidate, Origin } from './discovery.ts';
import {
  addressFault,
  type GivenAnswers,
  nameFault,
  rangeFault,
  readServer,
  serverFault,
} from './given.ts';
import type { Trial } from './try-login.ts';

/** The outside world of the questions. */
export interface SetupView {
  readonly discover: (address: string) => Promise<readonly Candidate[]>;
  readonly tryLogin: (account: Account) => Promise<Trial>;
  /** Whether the login is tried at all. */
  readonly isTried: boolean;
  readonly newPassword: () => string;
  /** The LAN, as far as it is known. */
  readonly lan: string;
}

/** @throws Cancelled after Ctrl-C, UsageError if an answer is missing and there is no terminal */
export async function askAll(given: GivenAnswers, ask: Ask, view: SetupView): Promise<Answers> {
  const account = await working(await askAccount(given, ask, view), ask, view);
  const senders = given.senders ?? (await askSenders(ask));
  const lan = senders.includes('lan') ? (given.lan ?? (await askLan(ask, view.lan))) : view.lan;
  const image = given.image ?? (await askImage(ask));
  const { network } = given;
  return { ...account, senders, lan, devicePassword: view.newPassword(), image, network };
}

async function askAccount(given: GivenAnswers, ask: Ask, view: SetupView): Promise<Account> {
  const address =
    given.address ??
    (await ask.text({ message: 'Your mail address', option: '--address', fault: addressFault }));
  const { server, username } = await askServer(given, address, ask, view);
  return {
    address,
    server,
    username: given.username ?? (await askUsername(ask, username)),
    login: await askLogin(given, server, ask),
    ca: given.ca,
  };
}

const ORIGINS: Readonly<Record<Origin, string>> = {
  preset: 'known to Hikyaku',
  autoconfig: 'named by the domain itself',
  srv: "from the domain's DNS",
  ispdb: "from Thunderbird's list of providers",
  mx: "by the domain's MX record",
  guess: 'a guess: there is such a name',
};

const OTHER = 'other';

async function askServer(
  given: GivenAnswers,
  address: string,
  ask: Ask,
  { discover }: SetupView,
): Promise<{ readonly server: Server; readonly username: string }> {
  if (given.server !== undefined) return { server: given.server, username: address };
  ask.tell('Looking for the provider of that address …');
  const candidates = await discover(address);
  if (candidates.length === 0) {
    ask.tell('No server was found: your provider’s help calls it "outgoing server" or "SMTP".');
    return { server: await typeServer(ask), username: address };
  }
  const chosen = await ask.choice({
    message: "The provider's outgoing server",
    option: '--server',
    choices: [
      ...candidates.map((one, index) => ({
        value: `${index}`,
        label: `${one.host}:${one.port}`,
        hint: ORIGINS[one.origin],
      })),
      { value: OTHER, label: 'another server' },
    ],
  });
  const candidate = chosen === OTHER ? undefined : candidates[Number(chosen)];
  if (candidate === undefined) return { server: await typeServer(ask), username: address };
  const { host, port, provider, username } = candidate;
  return { server: { host, port, provider }, username };
}

async function typeServer(ask: Ask): Promise<Server> {
  const message = 'Outgoing server, as host or host:port (587 without a port)';
  const typed = await ask.text({ message, option: '--server', fault: serverFault });
  const server = readServer(typed);
  if (server === undefined) throw new UserError(`--server: ${serverFault(typed)}`, EXIT.usage);
  return server;
}

const askUsername = (ask: Ask, fallback: string): Promise<string> =>
  ask.text({ message: 'User name at the provider', option: '--username', fallback });

/** The presets whose provider gives tokens, and whether a password is worth a try. */
const TOKENS: Readonly<Record<string, { readonly by: TokenProvider; readonly first: boolean }>> = {
  gmail: { by: 'google', first: false },
  hotmail: { by: 'microsoft', first: true },
  outlook365: { by: 'microsoft', first: true },
};

/** The provider's page for app passwords (the providers' own help pages; docs/providers.md). */
const APP_PASSWORDS: Readonly<Record<string, string>> = {
  fastmail: 'app.fastmail.com, Settings, Privacy & Security',
  gmail: 'myaccount.google.com/apppasswords',
  icloud: 'account.apple.com, Sign-In and Security',
  yahoo: 'login.yahoo.com/account/security',
};

async function askLogin(given: GivenAnswers, { provider }: Server, ask: Ask): Promise<Login> {
  const name = findPreset(provider)?.name ?? '';
  const tokens = TOKENS[name];
  const how = await howToLogIn(given, tokens, ask);
  if (how === 'password')
    return { kind: 'password', password: await askPassword(given, name, ask) };
  if (tokens === undefined) {
    throw new UserError('--login oauth2: only Google and Microsoft, give --provider', EXIT.usage);
  }
  ask.tell('docs/oauth2.md tells how to register an application with your provider.');
  const clientId =
    given.clientId ??
    (await ask.text({ message: 'Client ID of your application', option: '--client-id' }));
  // For user logins, Google requires the application's secret, and Microsoft does not.
  const clientSecret =
    given.clientSecret ??
    (tokens.by === 'google'
      ? await ask.secret({ message: 'Its client secret', option: '--client-secret-file' })
      : undefined);
  return { kind: 'oauth2', provider: tokens.by, clientId, clientSecret };
}

async function howToLogIn(
  { login, password }: GivenAnswers,
  tokens: { readonly first: boolean } | undefined,
  ask: Ask,
): Promise<'password' | 'oauth2'> {
  if (login !== undefined) return login;
  if (password !== undefined || tokens === undefined) return 'password';
  const byPassword = { value: 'password', label: 'with an app password' } as const;
  const byToken = {
    value: 'oauth2',
    label: 'in the browser (OAuth 2)',
    hint: 'needs an application of your own',
  } as const;
  const choices = tokens.first ? [byToken, byPassword] : [byPassword, byToken];
  return ask.choice({ message: 'How to log in', option: '--login', choices });
}

async function askPassword(
  { password }: Pick<GivenAnswers, 'password'>,
  provider: string,
  ask: Ask,
): Promise<string> {
  if (password !== undefined) return password;
  const page = APP_PASSWORDS[provider];
  const message =
    page === undefined ? 'Password (often an app password)' : `App password (from ${page})`;
  return ask.secret({ message, option: '--password-file' });
}

/** Facts worth a line although nothing is wrong. */
const GOOD_NEWS: readonly string[] = ['in-clear', 'logged-in', 'login-untried', 'sender-taken'];

/** Tries the login until it works, or the user goes on without. */
async function working(account: Account, ask: Ask, view: SetupView): Promise<Account> {
  if (!view.isTried) return account;
  ask.tell(`Trying the login at ${account.server.host}:${account.server.port} …`);
  const { findings, say } = await view.tryLogin(account);
  const isWell = !findings.some(isWrong);
  const worthSaying = isWell
    ? findings.filter(({ kind }) => GOOD_NEWS.includes(kind))
    : findings.filter(isWrong);
  ask.tell(worthSaying.flatMap((finding) => findingLines(finding, say)).join('\n'));
  if (isWell) return account;
  if (!ask.isInteractive) {
    const right = 'mend that, or add --untested to write the files anyway';
    throw new UserError(`the provider was not satisfied: ${right}`, EXIT.failed);
  }
  const corrected = await correct(account, ask);
  return corrected === undefined ? account : working(corrected, ask, view);
}

async function correct(account: Account, ask: Ask): Promise<Account | undefined> {
  const { login, server, username } = account;
  const password = { value: 'password', label: 'type the password again' } as const;
  const next = await ask.choice({
    message: 'What now?',
    option: '--untested',
    choices: [
      ...(login.kind === 'password' ? [password] : []),
      { value: 'username', label: `change the user name (${username})` },
      { value: 'server', label: `change the server (${server.host}:${server.port})` },
      { value: 'again', label: 'try the same again' },
      { value: 'anyway', label: 'go on, and mend it later' },
    ],
  });
  switch (next) {
    case 'password': {
      const typed = await askPassword({ password: undefined }, server.provider ?? '', ask);
      return { ...account, login: { kind: 'password', password: typed } };
    }
    case 'username':
      return { ...account, username: await askUsername(ask, username) };
    case 'server':
      return { ...account, server: await typeServer(ask) };
    case 'again':
      return account;
    case 'anyway':
      return undefined;
  }
}

const askSenders = (ask: Ask): Promise<readonly Sender[]> =>
  ask.several({
    message: 'Who sends mail through the relay? (space selects, Enter goes on)',
    option: '--senders',
    choices: [
      { value: 'containers', label: 'containers on its Docker network' },
      { value: 'lan', label: 'machines of the LAN, without a login', hint: 'port 25' },
      { value: 'devices', label: 'devices with a login and TLS', hint: 'ports 587 and 465' },
    ],
    fallback: ['containers'],
  });

const askLan = (ask: Ask, fallback: string): Promise<string> =>
  ask.text({ message: 'The network of the LAN', option: '--lan', fallback, fault: rangeFault });

/** A container does not know what it was made from; on the host ./hikyaku knows. */
const askImage = (ask: Ask): Promise<string> =>
  ask.text({
    message: 'The name of this image, as you typed it after docker run',
    option: '--image',
    fallback: 'hikyaku:dev',
    fault: nameFault,
  });
