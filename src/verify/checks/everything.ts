/** All that came to the provider in the life of one relay. */
import { faultsOf, type Mail, TESTED } from '../mails.ts';
import type { Message, MockProvider } from '../mock-provider.ts';
import { type Finding, finding } from '../report.ts';

/** No copy, no mail for anybody else, and none that was sent with less care than the first. */
export async function checkEverything(
  provider: MockProvider,
  mails: readonly Mail[],
): Promise<Finding> {
  await Promise.all(mails.map(({ to }) => provider.messageTo(to, 5)));
  const messages = await provider.messages();
  const to = messages.flatMap(({ envelope }) => envelope.to);
  const careless = messages.flatMap((message) => carelessness(mails, message));
  // Whether there is a mail of "hikyaku test" is a question about that verb.
  const arrived = to.filter((one, at) => one !== TESTED.to || to.indexOf(one) !== at);
  const exact =
    arrived.toSorted().join() ===
    mails
      .map((mail) => mail.to)
      .toSorted()
      .join();
  const expected = `each of ${mails.length} mails once, all with TLS, login, sender and port as set`;
  const found = `to ${to.join(', ')}; not so: ${careless.join(', ') || 'none'}`;
  const ok = exact && careless.length === 0;
  return finding('every mail', expected, ok, ok ? '' : found);
}

function carelessness(mails: readonly Mail[], message: Message): readonly string[] {
  const mail = [...mails, TESTED].find(({ to }) => message.envelope.to.includes(to));
  const faults = mail === undefined ? ['not asked for'] : faultsOf(mail, message);
  return faults.length === 0 ? [] : [`${message.envelope.to.join(', ')} (${faults.join(', ')})`];
}
