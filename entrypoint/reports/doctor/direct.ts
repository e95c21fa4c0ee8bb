import type { QueuedMessage } from '../../postfix/queue-entry.ts';
import type { ProbeResult } from '../../probe/result.ts';
import { words } from '../../settings/naming/sentence.ts';
import { aboutServer } from '../about.ts';
import { type Finding, note, ok, wrong } from './diagnosis.ts';

/** Whom to try when no mail waits: domains with several MX hosts that are always there. */
const EXAMPLES = ['gmail.com', 'outlook.com'];

/** The domains to try: those that mail waits for, or else examples. */
export function domainsToTry(messages: readonly QueuedMessage[]): readonly string[] {
  const waited = messages
    .flatMap(({ recipients }) => recipients.map(({ address }) => address))
    .map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase())
    .filter((domain) => domain !== '');
  const unique = [...new Set(waited)].slice(0, 3);
  return unique.length > 0 ? unique : EXAMPLES;
}

/** Whether mail can go straight to a domain's MX hosts. */
export function directFinding({ server, facts }: ProbeResult): Finding {
  const { label } = server;
  const trouble = facts.flatMap((fact) => (fact.kind === 'trouble' ? [fact.trouble] : []))[0];
  if (trouble === undefined) return ok('connected', label, words`an MX host takes the connection`);
  switch (trouble.kind) {
    case 'no-greeting':
      // Many let a stranger wait before they greet; that the port is open is known by then.
      return note('connected', label, words`connected on port 25; the greeting takes long`);
    case 'name':
      return wrong(label, { ...trouble, isRecipient: true }, aboutServer(server));
    default:
      return wrong(label, trouble, aboutServer(server));
  }
}
