/** All that came to the provider in the life of one relay. */
import { REAL, USER } from '../bench.ts';
import type { Message, MockProvider } from '../mock-provider.ts';
import { type Finding, finding } from '../report.ts';

const isProper = ({ session, envelope }: Message): boolean =>
  session.tls !== null && session.auth?.username === USER && envelope.from === REAL;

/** No copy, no mail for anybody else, and none that was sent with less care than the first. */
export async function checkEverything(
  provider: MockProvider,
  recipients: readonly string[],
): Promise<Finding> {
  await Promise.all(recipients.map((to) => provider.messageTo(to, 5)));
  const messages = await provider.messages();
  const to = messages.flatMap(({ envelope }) => envelope.to);
  const careless = messages.filter((one) => !isProper(one)).flatMap(({ envelope }) => envelope.to);
  const exact = to.toSorted().join() === recipients.toSorted().join();
  const expected = `each of ${recipients.length} mails once, all with TLS, login and ${REAL}`;
  const found = `to ${to.join(', ')}; without these: ${careless.join(', ') || 'none'}`;
  const ok = exact && careless.length === 0;
  return finding('every mail', expected, ok, ok ? '' : found);
}
