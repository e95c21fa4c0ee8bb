/** A mail goes out as it should, and a stranger's does not. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { MADE_UP, REAL, type Sent, send, USER } from '../bench.ts';
import type { Message, MockProvider } from '../mock-provider.ts';
import { type Finding, finding } from '../report.ts';

const told = ({ outcome, reply }: Sent): string => `${outcome}: ${reply}`;

/** One mail for each port; the first is looked at closely. */
export async function checkDelivery(
  client: ScratchContainer,
  provider: MockProvider,
): Promise<readonly Finding[]> {
  const sent = await Promise.all([
    send(client, 'port-25@example.com', 25),
    send(client, 'port-587@example.com', 587),
  ]);
  const refused = sent.filter(({ outcome }) => outcome !== 'accepted').map(told);
  const accepted = finding(
    'taking mail',
    'a client of the network is accepted on 25 and 587',
    refused.length === 0,
    refused.join(', '),
  );
  const message = await provider.messageTo('port-25@example.com', refused.length > 0 ? 1 : 12);
  if (message === undefined) {
    const lost = finding('delivery', 'the mail at the provider', false, 'no mail there');
    return [accepted, lost];
  }
  const own = (await provider.sessions()).filter(({ messages }) => messages > 0);
  return [accepted, ...arrived(message, own.length)];
}

function arrived({ session, envelope, raw }: Message, sessions: number): readonly Finding[] {
  const from = /^From:\s*(.*)$/im.exec(raw)?.[1]?.trim() ?? '';
  const login = session.auth?.username ?? 'no login';
  return [
    finding(
      'delivery',
      'the mail at the provider, one session for each mail at most',
      sessions <= 2,
      sessions === 1 ? '1 session' : `${sessions} sessions`,
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

/** @param stranger on a network that the relay was not told of when it started */
export async function checkStranger(stranger: ScratchContainer): Promise<Finding> {
  const sent = await Promise.all(
    [25, 587].map((port) => send(stranger, 'stranger@example.com', port)),
  );
  const ok = sent.every(({ outcome, reply }) => outcome === 'refused' && /^554[ -]/.test(reply));
  const found = ok ? '' : sent.map(told).join(', ');
  return finding('strangers', 'refused with 554 on 25 and 587', ok, found);
}
