import { eventually, type Patience } from './eventually.ts';
import type { Relay } from './relay.ts';

/** Ends each mail in what is printed; no mail of a test holds this character. */
const END = '\x1e';

/** The new mail of a local user, in no particular order: header and body as they were stored. */
export async function readMailbox(relay: Relay, name: string): Promise<string[]> {
  const print = `for mail in /var/mail/"$1"/new/*; do
    [ -f "$mail" ] && cat "$mail" && printf '${END}'; done; true`;
  return (await relay.run(['sh', '-c', print, 'sh', name])).split(END).slice(0, -1);
}

/** Waits for a mail of a local user that has this text in it. */
export function waitForMail(
  relay: Relay,
  name: string,
  text: string,
  patience?: Patience,
): Promise<string> {
  return eventually(
    `mail for ${name} with "${text}"`,
    async () => (await readMailbox(relay, name)).find((mail) => mail.includes(text)),
    patience,
  );
}
