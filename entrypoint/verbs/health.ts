import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { EXIT, type ExitCode, SettingsError, UserError } from '../cli/errors.ts';
import { type Call, verb, type World } from '../cli/verb.ts';
import { programsOf } from '../companion/programs.ts';
import { programsAway } from '../companion/supervisor.ts';
import { queueManagerLives } from '../postfix/running/queue-manager.ts';
import { HEALTH_SOCKET } from '../render/master-cf.ts';
import { loadSettings } from './load.ts';

/** Long enough for a slow machine; the image's HEALTHCHECK gives it a little more. */
const PATIENCE_MS = 20_000;

/** A listener that lives says this much, also while its disk is full. */
const ALIVE = ['EHLO localhost', 'QUIT'];

/** A mail up to RCPT. */
const READY = ['EHLO localhost', 'MAIL FROM:<>', 'RCPT TO:<postmaster>', 'RSET', 'QUIT'];

/**
 * Whether Postfix has good answers for a client on the inside, on a listener of its own that writes
 * no log line.
 * @throws UserError when it has not
 */
export async function checkIntake(patienceMs: number, lines = READY): Promise<void> {
  const socket = createConnection({ path: HEALTH_SOCKET });
  const tooLate = setTimeout(
    () => socket.destroy(new Error(`no answer within ${patienceMs / 1000} s`)),
    patienceMs,
  );
  try {
    await converse(socket, lines);
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

const READY_OPTION = {
  ready: { type: 'boolean', default: false, about: 'whether mail is taken in as well' },
} as const;

async function health(call: Call<typeof READY_OPTION>): Promise<ExitCode> {
  const { ready, print } = call;
  const intake = checkIntake(PATIENCE_MS, ready ? READY : ALIVE);
  const [lives] = await Promise.all([queueManagerLives(), intake]);
  if (!lives) {
    throw new UserError('unhealthy: the queue manager (qmgr) does not run', EXIT.failed);
  }
  // A new container would cost more than it mends: mail goes out without most of them, or waits.
  const away = await awayNow(call);
  const but = away.length === 0 ? '' : `, but these programs do not run: ${away.join(', ')}`;
  print(`${ready ? 'ready' : 'healthy'}${but}`);
  return EXIT.ok;
}

/** The programs beside Postfix that do not come back, as far as settings tell that can be read now. */
async function awayNow({ environment }: World): Promise<readonly string[]> {
  try {
    const { settings, files } = await loadSettings(environment);
    return await programsAway(programsOf(settings, files));
  } catch (fault) {
    if (fault instanceof SettingsError) return [];
    throw fault;
  }
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
  {
    name: 'health',
    summary: 'Check that Postfix runs; with --ready, that a client could send mail now.',
    details:
      'For an orchestrator: restart a relay that is not healthy. A relay that is healthy ' +
      'but not ready (a full disk) still delivers its queue. A program beside Postfix that does not ' +
      'run is named; the exit code stays 0.',
    options: READY_OPTION,
  },
  health,
);
