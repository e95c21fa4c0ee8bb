/** What changes while the relay runs. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { type Bench, send } from '../bench.ts';
import { ADDED } from '../home.ts';
import { AFTER_RELOAD, faultsOf } from '../mails.ts';
import type { MockProvider } from '../mock-provider.ts';
import { type Finding, finding } from '../report.ts';
import { sentWords } from '../sent.ts';

const REFUSED = 78;

/** A relay.yaml that is wrong is refused; with one account more, that account is used. */
export async function checkReload(
  bench: Bench,
  relay: ScratchContainer,
  client: ScratchContainer,
  provider: MockProvider,
): Promise<Finding> {
  const reload = () => relay.exec(['hikyaku', 'reload']);
  await bench.spoilSettings();
  const wrong = await reload();
  await bench.addAccount();
  const right = await reload();
  const { handed, to } = AFTER_RELOAD;
  const sent = await send(client, handed.to, { from: handed.from });
  const mail = await provider.messageTo(to, sent.outcome === 'accepted' ? 10 : 1);
  const isDone = right.exitCode === 0 && /^reloaded; changed: /m.test(right.stdout);
  const faults = [
    ...(wrong.exitCode === REFUSED ? [] : [`exit code ${wrong.exitCode} with relay.port: five`]),
    ...(isDone ? [] : [`exit code ${right.exitCode}, ${right.stdout}${right.stderr}`.trim()]),
    ...(sent.outcome === 'accepted' ? [] : [sentWords(sent)]),
    ...(mail === undefined ? ['no mail at the provider'] : faultsOf(AFTER_RELOAD, mail)),
  ];
  const expected = `what is wrong refused, and the account ${ADDED.user} in use once it is there`;
  return finding('reload', expected, faults.length === 0, faults.join(', '));
}
