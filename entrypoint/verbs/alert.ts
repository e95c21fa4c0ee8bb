import { EXIT, type ExitCode, UsageError, UserError } from '../cli/errors.ts';
import { type Call, verb } from '../cli/verb.ts';
import { send } from '../companion/alerts/send.ts';
import { type Alert, pulseOf, targetOf } from '../settings/alert-target.ts';
import { loadSettings } from './load.ts';

const WORDS = ['test'] as const;
const NO_OPTIONS = {} as const;

async function alert(call: Call<typeof NO_OPTIONS, typeof WORDS>): Promise<ExitCode> {
  const [what] = call.words;
  if (what !== 'test') throw new UsageError(`"${what}": use "alert test"`);
  const { settings } = await loadSettings(call.environment);
  if (settings.alerts === undefined) {
    throw new UserError('no alerts are set: give RELAY_ALERTS_TO (alerts.to)', EXIT.failed);
  }
  const { myhostname: relay } = settings;
  const message: Alert = {
    key: 'test',
    kind: 'test',
    isOver: false,
    title: `${relay}: a test`,
    text: 'Alerts of this mail relay arrive here.',
    facts: {},
    time: new Date(),
    relay,
  };
  const requests = settings.alerts.to.flatMap(
    (address) => targetOf(address)?.(message) ?? pulseOf(address)?.([]) ?? [],
  );
  const failures = await Promise.all(requests.map(send));
  for (const [index, failure] of failures.entries()) {
    call.print(failure ?? `${new URL(requests[index]?.url ?? '').host}: sent`);
  }
  return failures.every((failure) => failure === undefined) ? EXIT.ok : EXIT.failed;
}

export const alertVerb = verb(
  { name: 'alert', words: WORDS, summary: 'Send a test alert to each address of RELAY_ALERTS_TO.' },
  alert,
);
