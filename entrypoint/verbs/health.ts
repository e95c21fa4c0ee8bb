import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { EXIT, type ExitCode, UserError } from '../cli/errors.ts';
import { verb, type World } from '../cli/verb.ts';
import { queueManagerLives } from '../postfix/running/queue-manager.ts';
import { HEALTH_SOCKET } from '../render/master-cf.ts';

/** Long enough for a slow machine; the image's HEALTHCHECK gives it a little more. */
const PATIENCE_MS = 20_000;

/**
 * Whether a client on the inside could hand in a mail now: the words of a mail up to RCPT, spoken
 * through a listener of its own that writes no log line.
 * @throws UserError when it could not
 */
export async function checkIntake(patienceMs: number): Promise<void> {
  const socket = createConnection({ path: HEALTH_SOCKET });
  const tooLate = setTimeout(
    () => socket.destroy(new Error(`no answer within ${patienceMs / 1000} s`)),
    patienceMs,
  );
  try {
    await converse(socket, [
      'EHLO localhost',
      'MAIL FROM:<>',
      'RCPT TO:<postmaster>',
      'RSET',
      'QUIT',
    ]);
  } catch (fault) {
    throw new UserError(
      `unhealthy: ${fault instanceof Error ? fault.message : fault}`,
      EXIT.failed,
    );
  } finally {
    clearTimeout(tooLate);
    socket.destroy();
  }
}

async function health({ print }: World): Promise<ExitCode> {
  const [lives] = await Promise.all([queueManagerLives(), checkIntake(PATIENCE_MS)]);
  if (!lives) {
    throw new UserError('unhealthy: the queue manager (qmgr) does not run', EXIT.failed);
  }
  print('healthy');
  return EXIT.ok;
}

/** Says each line after a good answer to the one before (RFC 5321 section 4.2). */
async function converse(socket: Socket, lines: readonly string[]): Promise<void> {
  const said = [...lines];
  for await (const reply of createInterface({ input: socket })) {
    if (!/^[23]/.test(reply)) throw new Error(reply);
    if (reply[3] === '-') continue;
    const next = said.shift();
    if (next === undefined) return;
    socket.write(`${next}\r\n`);
  }
  throw new Error('Postfix closed the connection');
}

export const healthVerb = verb(
  { name: 'health', summary: 'Tell whether a client could hand in a mail now.' },
  health,
);
