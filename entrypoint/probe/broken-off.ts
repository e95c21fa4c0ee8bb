import { CLIENT_CERTIFICATE } from '../advice/reasons/refusals.ts';
import { NotSmtp } from '../postfix/smtp-reply.ts';
import { type Wrong, wrong } from './finding.ts';
import { opensslReason } from './openssl.ts';
import { type Server, type SettingName, settingName } from './servers.ts';
import { HungUp, NoAnswer, type Step } from './smtp-session.ts';

/** What a server that says no more, or hangs up, has most likely come to grief on. */
const REMEDIES: Readonly<Record<Step, (of: SettingName) => string>> = {
  greeting: (of) =>
    `check ${of('host')} and ${of('port')}; if they are right, the server turns the address of this ` +
    'connection away without a word: ask the provider',
  EHLO: (of) =>
    `try again in a while, the server may be out of order; if it lasts, try port 465 (${of('port')}): ` +
    'a firewall or virus scanner on the way may meddle with the conversation; or the server does not like the name RELAY_MYHOSTNAME',
  STARTTLS: (of) =>
    `try port 465 (${of('port')}): a firewall or virus scanner on the way may not let STARTTLS through`,
  AUTH: (of) =>
    `check ${of('username')} and ${of('password')}, and try again in an hour: some providers shut ` +
    'out an address in this way after wrong passwords; else their login service is down',
  MAIL: () => 'try again in a while; if it lasts, ask the provider about this sender',
  RCPT: () => 'try again in a while; if it lasts, ask the provider about this sender',
  RSET: () => 'try again in a while; if it lasts, ask the provider',
};

const after = (step: Step): string =>
  step === 'greeting' ? 'before it has greeted' : `after ${step}`;

/** A conversation that came to no end, with the step at which it broke. */
export function brokenOff(
  server: Pick<Server, 'label' | 'path'>,
  step: Step,
  fault: unknown,
): Wrong {
  const { label, path } = server;
  const of = settingName(path);
  const topic = `${label}, conversation`;
  if (fault instanceof NotSmtp) {
    return wrong(
      topic,
      fault.message,
      `that is no mail server: check ${of('host')} and ${of('port')}`,
    );
  }
  if (fault instanceof HungUp) {
    return wrong(topic, `the server hangs up ${after(step)}`, REMEDIES[step](of));
  }
  if (fault instanceof NoAnswer) {
    return wrong(
      topic,
      `the server says no more ${after(step)} (${fault.message})`,
      REMEDIES[step](of),
    );
  }
  const reason = opensslReason(fault);
  if (reason.includes('certificate required')) {
    return wrong(
      topic,
      `the server wants a certificate of this relay (${reason})`,
      CLIENT_CERTIFICATE,
    );
  }
  return wrong(topic, `it broke off ${after(step)}: ${reason}`, REMEDIES[step](of));
}
