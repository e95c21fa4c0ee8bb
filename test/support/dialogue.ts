import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

/** The commands to a server on the host, and its replies. */
export async function smtpDialogue(
  { host, port }: { readonly host: string; readonly port: number },
  commands: readonly string[],
): Promise<string[]> {
  const socket = createConnection({ host, port });
  socket.setTimeout(120_000, () => socket.destroy(new Error('no answer')));
  const rest = [...commands];
  const replies: string[] = [];
  let open = '';
  try {
    for await (const line of createInterface({ input: socket })) {
      open += open === '' ? line : `\n${line}`;
      if (/^\d{3}-/.test(line)) continue;
      replies.push(open);
      open = '';
      const next = rest.shift();
      if (next === undefined) break;
      socket.write(`${next}\r\n`);
    }
    return replies;
  } finally {
    socket.destroy();
  }
}
