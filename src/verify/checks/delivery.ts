/** A mail goes out as it should, and a stranger's does not. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { MADE_UP, REAL, send, USER } from '../bench.ts';
import { handIn } from '../hand-in.ts';
import { faultsOf, OF_ACCOUNTS, PORT_25, PORT_587 } from '../mails.ts';
import type { Message, MockProvider } from '../mock-provider.ts';
import { within } from '../patience.ts';
import { type Finding, finding } from '../report.ts';
import { sentWords } from '../sent.ts';
import { checkWhole, composeWhole } from './message.ts';

/** One mail for each port and for each account; the first is looked at closely. */
export async function checkDelivery(
  client: ScratchContainer,
  provider: MockProvider,
): Promise<readonly Finding[]> {
  const whole = composeWhole(PORT_587.to);
  const envelope = { port: 587, from: MADE_UP, to: PORT_587.to };
  const sent = await Promise.all([
    send(client, PORT_25.to),
    handIn(client, envelope, whole.text),
    ...OF_ACCOUNTS.map(({ to, from }) => send(client, to, { from })),
  ]);
  const refused = sent.filter(({ outcome }) => outcome !== 'accepted').map(sentWords);
  const accepted = finding(
    'taking mail',
    'a client of the network is accepted on 25 and 587',
    refused.length === 0,
    refused.join(', '),
  );
  const patience = refused.length > 0 ? 1 : 15;
  const [first, second, accounts] = await Promise.all([
    provider.messageTo(PORT_25.to, patience),
    provider.messageTo(PORT_587.to, patience),
    checkAccounts(provider, patience),
  ]);
  const own = (await provider.sessions()).filter(({ messages }) => messages > 0);
  const delivered =
    first === undefined
      ? [finding('delivery', 'the mail at the provider', false, 'no mail there')]
      : arrived(first, own.length <= sent.length);
  return [accepted, ...delivered, checkWhole(whole, second), accounts];
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
  return finding('relay.yaml', `its accounts: ${accounts}`, faults.length === 0, faults.join('; '));
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
