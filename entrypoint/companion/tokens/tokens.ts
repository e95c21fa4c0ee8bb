/**
 * Keeps access tokens, in five steps; a run ends when nothing is due.
 *
 *   1. reads the plan that the settings made (oauth2_logins), and what is known of each grant
 *   2. asks the endpoint for each grant that is due
 *   3. keeps a refresh token that was replaced, before anything else may use it
 *   4. puts the new tokens into sasl_passwd, by the code that installs every table
 *   5. writes down when there is something to do next
 *
 * Nothing of it cuts a session: an smtp process of Postfix looks for a table that has changed before
 * it takes the next mail (dict_changed_name in the source).
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { advise } from '../../advice/advice.ts';
import { isSystemError } from '../../cli/errors.ts';
import { installFiles } from '../../install/install-files.ts';
import { oneAtATime } from '../../install/one-at-a-time.ts';
import { run } from '../../postfix/running/command.ts';
import { CONFIG_DIRECTORY, configFile, SECRET } from '../../render/file.ts';
import { rowsOf } from '../../render/sasl-passwd.ts';
import { TOKEN_PLAN, type TokenLogin, type TokenPlan, withToken } from '../../render/token-plan.ts';
import type { Ending } from '../../settings/ending.ts';
import { sayIn, setting, variableNames } from '../../settings/naming/sentence.ts';
import { writeDue } from '../due.ts';
import { writeTokenEndings } from '../endings.ts';
import type { TokenAnswer } from './endpoint.ts';
import { endOfGrant, keepGrant, type Permission, readGrant } from './grants.ts';
import { requestToken } from './request.ts';
import {
  failed,
  idle,
  isDue,
  isOver,
  nextTime,
  renewed,
  type TokenState,
  UNKNOWN,
} from './schedule.ts';
import { grantId, readStates, type States, tokenTrouble, writeStates } from './states.ts';

const PLAN = `${CONFIG_DIRECTORY}/${TOKEN_PLAN}`;

/** The result for one grant in this run. */
interface Turn {
  readonly login: TokenLogin;
  readonly id: string;
  readonly before: TokenState;
  readonly after: TokenState;
  /** The token for sasl_passwd; empty: the old one is over. Undefined: it stays as it is. */
  readonly token: string | undefined;
}

/**
 * @param dueFile receives the time of the next work. A missing file means that a user asked, so
 *   failed requests are repeated at once.
 */
export async function keepTokens(dueFile: string, warn: (line: string) => void): Promise<void> {
  const planText = readText(PLAN);
  const plan: TokenPlan = planText === '' ? NOTHING : JSON.parse(planText);
  const isUrgent = readText(dueFile) === '';
  const states = readStates();
  const turns = await Promise.all(
    plan.logins.map((login) => turnOf(login, plan, states, isUrgent)),
  );
  const changed = turns.filter(({ token }) => token !== undefined);
  if (changed.length > 0) await oneAtATime(() => install(changed, plan));
  writeStates(Object.fromEntries(turns.map(({ id, after }) => [id, after])));
  writeTokenEndings(turns.flatMap(endingsOf));
  for (const turn of turns) report(turn, warn);
  const wasMissing = turns.some(isFirst);
  if (wasMissing) await retryWaiting();
  const due = nextTime([...turns.map(({ after }) => after), idle(now())]);
  // A reload that came meanwhile has something to do at once.
  await oneAtATime(async () => readText(PLAN) === planText && writeDue(dueFile, due));
  if (!wasMissing) return;
  // Mail that was on its way to the server without a token is put back only now.
  await pause(ON_ITS_WAY_MS);
  await retryWaiting();
}

/** From the table of logins to the server's refusal an smtp process takes less. */
const ON_ITS_WAY_MS = 4_000;

/** Sends mail that waited for a token. At the start Postfix does not run, and no mail waits. */
const retryWaiting = () => run(['/usr/sbin/postqueue', '-f']);

const NOTHING: TokenPlan = {
  logins: [],
  proxy: { https: '', except: '' },
  mapType: 'lmdb',
};

/** The token, and the grant behind it where the provider tells its end. */
const endingsOf = ({ login, after }: Turn): readonly Ending[] => {
  const { username: name } = login;
  const setting = 'relay.oauth2';
  const { endsAt } = readGrant(login);
  return [
    { what: 'access-token', name, setting, at: after.expiresAt },
    ...(endsAt === undefined ? [] : [{ what: 'grant', name, setting, at: endsAt } as const]),
  ];
};

/** Whether mail may have waited for this token: the old one was missing or had expired. */
const isFirst = ({ before, token }: Turn): boolean =>
  token !== undefined && token !== '' && (before.expiresAt === 0 || isOver(before, now()));

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (fault) {
    if (isSystemError(fault) && fault.code === 'ENOENT') return '';
    throw fault;
  }
}

const now = (): number => Math.floor(Date.now() / 1000);

async function turnOf(
  login: TokenLogin,
  plan: TokenPlan,
  states: States,
  isUrgent: boolean,
): Promise<Turn> {
  const id = grantId(login);
  const lacks = login.entries.some(
    ({ table, key }) => new Map(rowsOf(readText(pathOf(table)))).get(key) === `${login.username}:`,
  );
  const known = states[id] ?? UNKNOWN;
  // The state is useless without its token: /etc/postfix may be new.
  const before = lacks && known.expiresAt > 0 ? UNKNOWN : known;
  const turn = { login, id, before };
  const isWanted = isDue(before, now()) || (isUrgent && before.failure !== undefined);
  if (!isWanted) return { ...turn, ...unchanged(before) };
  const permission = readGrant(login);
  const answer = await answerFor(login, permission, plan);
  if (answer.kind === 'failure') {
    return { ...turn, ...unchanged(failed(before, now(), answer.failure)) };
  }
  keepNewest(login, permission, answer);
  return { ...turn, after: renewed(now(), answer.life), token: answer.accessToken };
}

/** No new token. An expired one is removed, so that no server receives it. */
const unchanged = (state: TokenState): Pick<Turn, 'after' | 'token'> =>
  isOver(state, now())
    ? { after: { ...state, expiresAt: 0 }, token: '' }
    : { after: state, token: undefined };

async function answerFor(
  login: TokenLogin,
  { refreshToken }: Permission,
  plan: TokenPlan,
): Promise<TokenAnswer> {
  if (login.oauth2.grant.kind === 'user' && refreshToken === '') {
    return {
      kind: 'failure',
      failure: { fault: 'no-grant', isTemporary: false, detail: '' },
    };
  }
  return requestToken(login, refreshToken, plan.proxy);
}

/** Keeps a refresh token that is new, or whose end is now known. */
function keepNewest(
  login: TokenLogin,
  before: Permission,
  { refreshToken = before.refreshToken, grantLife }: Extract<TokenAnswer, { kind: 'token' }>,
): void {
  if (login.oauth2.grant.kind !== 'user') return;
  // A provider that says so each time counts down: a few seconds are no news.
  const endsAt = endOfGrant(login.oauth2, grantLife) ?? before.endsAt;
  const isNews = Math.abs((endsAt ?? 0) - (before.endsAt ?? 0)) > A_WHILE;
  if (refreshToken !== before.refreshToken || isNews) {
    keepGrant(login, { refreshToken, endsAt });
  }
}

const A_WHILE = 3600;

const pathOf = (table: string): string => `${CONFIG_DIRECTORY}/${table}`;

async function install(turns: readonly Turn[], { mapType }: TokenPlan): Promise<void> {
  // Read here: a reload may have changed the tables while the endpoint was asked.
  const tables = new Map<string, string>();
  for (const { login, token = '' } of turns) {
    for (const { table, key } of login.entries) {
      const content = tables.get(table) ?? readText(pathOf(table));
      tables.set(table, withToken(content, key, login.username, token));
    }
  }
  const files = [...tables].map(([table, content]) => ({
    ...configFile(table, content, SECRET),
    index: mapType,
  }));
  await installFiles(files, [], Date.now());
}

/** A line when something begins to fail, when the reason changes, and when it is well again. */
function report({ login, id, before, after }: Turn, warn: (line: string) => void): void {
  if (before.failure?.failure.fault === after.failure?.failure.fault) return;
  const of = `OAuth 2 token for ${login.username}`;
  const trouble = tokenTrouble({ [id]: after }, login);
  if (trouble === undefined) {
    warn(`${of}: renewed again`);
    return;
  }
  const { cause, remedy } = advise(trouble, {
    setting: (key) => setting(`relay.${key}`),
    ownAddress: login.username,
  });
  const say = sayIn(variableNames);
  warn(`${of}: ${trouble.fault}: ${say(cause)}; ${say(remedy)}`);
}
