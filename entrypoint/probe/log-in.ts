import { readReply, troubleOf } from '../advice/foreign/reply.ts';
import { usableMechanisms } from '../postfix/mechanisms.ts';
import { type Announcement, type Reply, replyText } from '../postfix/smtp-reply.ts';
import type { Login } from '../settings/settings.ts';
import type { Walk } from './context.ts';
import { EXCHANGES, newNonce } from './sasl.ts';
import type { SmtpSession } from './smtp-session.ts';
import { demand, Troubled } from './troubled.ts';

/** Logs in by the mechanism that Postfix would pick; false where that cannot be. */
export async function logIn(
  session: SmtpSession,
  { server, connection, context, see }: Walk,
  { mechanisms: offered }: Announcement,
  login: Login,
): Promise<boolean> {
  if (login.oauth2 !== undefined && login.password === '') {
    see({ kind: 'trouble', trouble: context.tokenTrouble(login) ?? { kind: 'token' } });
    return false;
  }
  const { mechanisms: allowed } = server;
  const [mechanism, ...others] = usableMechanisms(offered, allowed);
  if (mechanism === undefined) {
    const usable = usableMechanisms(offered, []);
    see({ kind: 'trouble', trouble: { kind: 'mechanisms', offered, allowed, usable } });
    return false;
  }
  see({ kind: 'mechanisms', offered, usable: [mechanism, ...others] });
  const exchange = EXCHANGES[mechanism]?.(login, { host: connection.host, nonce: newNonce() });
  // A password goes nowhere in clear, whatever the settings may say one day.
  if (exchange === undefined || !session.isEncrypted) {
    see({ kind: 'login-untried', mechanism });
    return false;
  }
  const initial = exchange.next('').value;
  let reply = await session.say(['AUTH', mechanism, ...encoded(initial)].join(' '));
  while (reply.code === 334) {
    const challenge = Buffer.from(reply.lines.join(''), 'base64').toString();
    const answer = exchange.next(challenge).value;
    if (answer === undefined) throw new Troubled({ kind: 'login-unfinished', mechanism });
    reply = await session.say(encoded(answer).join(''));
  }
  if (login.oauth2 !== undefined && reply.code === 535) refuseToken(reply);
  demand(reply, 'AUTH');
  see({ kind: 'logged-in', mechanism });
  return true;
}

/** A refused token gets another kind of trouble than a wrong password. */
function refuseToken(reply: Reply): void {
  const answer = readReply(replyText(reply));
  if (troubleOf(answer, 'AUTH', {}).kind === 'password') {
    throw new Troubled({ kind: 'token-refused', reply: answer });
  }
}

const encoded = (text: string | undefined): readonly string[] =>
  text === undefined ? [] : [Buffer.from(text, 'utf8').toString('base64')];
