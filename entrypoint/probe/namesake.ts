import type { Socket } from 'node:net';
import { type Finding, note, wrong } from './finding.ts';
import { type Server, settingName } from './servers.ts';

/**
 * A server that calls itself as this relay does. It may be the relay itself, and then mail goes
 * round until it has had too many hops; on port 25 Postfix takes a namesake for itself in any case,
 * and sends the mail back (smtp_helo in its source).
 * @param ends the connection: whoever talks to himself has one address at both ends
 */
export function namesake(
  { label, path, port }: Pick<Server, 'label' | 'path' | 'port'>,
  name: string,
  ends: Pick<Socket, 'localAddress' | 'remoteAddress'>,
): Finding {
  const topic = `${label}, EHLO`;
  const isItself = ends.localAddress === ends.remoteAddress;
  if (!isItself && port !== 25) {
    return note(topic, `the server calls itself ${name}, as this relay does (RELAY_MYHOSTNAME)`);
  }
  return wrong(
    topic,
    isItself
      ? 'the server is this relay itself: mail goes round in a circle'
      : `the server calls itself ${name}, as this relay does: Postfix sends mail back as a loop`,
    `give the provider's server as ${settingName(path)('host')}; if this is another machine, give ` +
      'this relay a name of its own (RELAY_MYHOSTNAME)',
  );
}
