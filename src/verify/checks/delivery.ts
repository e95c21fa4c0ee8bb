/** A mail goes out as it should, and a stranger's does not. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { send } from '../bench.ts';
import { handIn } from '../hand-in.ts';
import { MADE_UP, REAL, USER } from '../home.ts';
import {
  faultsOf,
  type Mail,
  NOTICE,
  OF_ACCOUNTS,
  PORT_25,
  PORT_587,
  PORT_587_TOO,
  REFUSED,
} from '../mails.ts';
import type { Message, MockProvider } from '../mock-provider.ts';
import { within } from '../patience.ts';
import { type Finding, finding } from '../report.ts';
import { sentWords } from '../sent.ts';
import { checkTimeZone, checkWhole, composeWhole } from './message.ts';

/** One mail for each port and for each account, and one that the provider refuses. */
export async function checkDelivery(
  client: ScratchContainer,
  provider: MockProvider,
): Promise<readonly Finding[]> {
  await provider.refuse(REFUSED.to);
  const whole = composeWhole(PORT_587.to);
  const recipients = [PORT_587.to, PORT_587_TOO.to] as const;
  const sent = await Promise.all([
    sendMail(client, PORT_25),
    handIn(client, { port: 587, from: MADE_UP, to: recipients }, whole.text),
    ...OF_ACCOUNTS.map((mail) => sendMail(client, mail)),
    sendMail(client, REFUSED),
  ]);
  const refused = sent.filter(({ outcome }) => outcome !== 'accepted').map(sentWords);
  const accepted = finding(
    'taking mail',
    'a client of the network is accepted on 25 and 587',
    refused.length === 0,
    refused.join(', '),
  );
  const patience = refused.length > 0 ? 1 : 15;
  const [first, second, accounts, returned] = await Promise.all([
    provider.messageTo(PORT_25.to, patience),
    provider.messageTo(PORT_587.to, patience),
    checkAccounts(provider, patience),
    checkReturned(provider, patience),
  ]);
  const own = (await provider.sessions()).filter(({ messages }) => messages > 0);
  const delivered =
    first === undefined
      ? [finding('delivery', 'the mail at the provider', false, 'no mail there')]
      : arrived(first, own.length <= sent.length);
  const message = [checkWhole(whole, second), checkTimeZone(second)];
  return [accepted, ...delivered, ...message, accounts, returned];
}

const sendMail = (client: ScratchContainer, { handed }: Mail) =>
  send(client, handed.to, { from: handed.from });

/** Who sent it has to learn that a mail could not be delivered (RFC 5321, 6.1). */
async function checkReturned(provider: MockProvider, patience: number): Promise<Finding> {
  const notice = await provider.messageTo(NOTICE.to, patience);
  const expected = `a notice to ${NOTICE.to} about mail that the provider refuses`;
  const isAboutIt = notice?.raw.includes(REFUSED.to) === true;
  const found = notice === undefined ? 'no notice' : isAboutIt ? '' : 'another mail';
  return finding('returned mail', expected, isAboutIt, found);
}

function arrived(message: Message, isOneEach: boolean): readonly Finding[] {
  const { session, envelope, raw } = message;
  const from = /^From:\s*(.*)$/im.exec(raw)?.[1]?.trim() ?? '';
  const login = session.auth?.username ?? 'no login';
  const isThere = session.listener === PORT_25.port;
  return [
    finding(
      'delivery',
      `the mail at the provider, on port ${PORT_25.port}, one session for each mail at most`,
      isThere && isOneEach,
      isThere ? (isOneEach ? '' : 'more sessions') : `on port ${session.listener}`,
    ),
    finding('login', `as ${USER}`, login === USER, login),
    finding('encryption', 'TLS', session.tls !== null, session.tls?.version ?? 'in clear'),
    finding(
      'rewriting',
      `${MADE_UP} becomes ${REAL} in envelope and header`,
      envelope.from === REAL && from.includes(REAL) && !raw.includes(`From: ${MADE_UP}`),
      `envelope ${envelope.from}, header ${from}`,
    ),
  ];
}

/** The accounts stand in relay.yaml alone. */
async function checkAccounts(provider: MockProvider, patience: number): Promise<Finding> {
  const looks = OF_ACCOUNTS.map(async (mail) => {
    const message = await provider.messageTo(mail.to, patience);
    const faults = message === undefined ? ['no mail at the provider'] : faultsOf(mail, message);
    return faults.length === 0 ? [] : [`${mail.from}: ${faults.join(', ')}`];
  });
  const faults = (await Promise.all(looks)).flat();
  const accounts = OF_ACCOUNTS.map(({ user, port }) => `${user} on ${port}`).join(', ');
  const expected = `its accounts: ${accounts}, and its addresses rewritten`;
  return finding('relay.yaml', expected, faults.length === 0, faults.join('; '));
}

/** The line follows the mail: Postfix writes it when the provider has answered. */
export async function checkLog(relay: ScratchContainer): Promise<Finding> {
  const isTold = await within(10, async () => {
    const line = new RegExp(`to=<${RegExp.escape(PORT_25.to)}>.* status=sent `);
    return line.test(await relay.log()) ? true : undefined;
  });
  const expected = 'what became of a mail, in the log of the container';
  return finding('log', expected, isTold === true, isTold ? '' : 'no line with status=sent');
}

/** @param stranger on a network that the relay was not told of when it started */
export async function checkStranger(stranger: ScratchContainer): Promise<Finding> {
  const sent = await Promise.all(
    [25, 587].map((port) => send(stranger, 'stranger@example.com', { port })),
  );
  const ok = sent.every(({ outcome, reply }) => outcome === 'refused' && /^554[ -]/.test(reply));
  const found = ok ? '' : sent.map(sentWords).join(', ');
  return finding('strangers', 'refused with 554 on 25 and 587', ok, found);
}
