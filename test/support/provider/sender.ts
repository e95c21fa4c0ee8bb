/**
 * Sends many messages fast and says which of them were accepted. Every message has its own id, in
 * the header X-Test-Id, and is tried once: what was not accepted is not repeated under that id, so
 * a message that arrives twice was doubled by another program.
 *
 * Usage: node sender.mjs '{"host": "relay", "port": 25, "count": 100, ...}'
 * One line of JSON per message: {"id": "…", "outcome": "accepted" | "refused" | "lost", "reply": "…"}
 * On standard error, a line per connection that was opened.
 */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import type { SMTPTransportGetSocket } from 'nodemailer/lib/smtp-transport';
import type { SenderTask, SentMessage } from './sender-task.ts';

const task: SenderTask = JSON.parse(process.argv[2] ?? '{}');

/** nodemailer keeps the addresses of names for minutes, but a new relay has a new address. */
const freshSocket: SMTPTransportGetSocket = (_options, done) => {
  const connection = connect(task.port, task.host);
  connection.once('error', done);
  connection.once('connect', () => {
    connection.off('error', done);
    process.stderr.write('connected\n');
    done(null, { connection });
  });
};

const transport = createTransport({
  pool: true,
  host: task.host,
  port: task.port,
  name: 'sender.example',
  maxConnections: task.concurrency,
  maxMessages: Number.POSITIVE_INFINITY,
  ignoreTLS: true,
  socketTimeout: 60_000,
  // A message whose connection was lost is not tried again under the same id.
  maxRequeues: 0,
  getSocket: freshSocket,
});

const LINE = `${'x'.repeat(72)}\n`;

/** After a failure, a client waits before it tries the next message. */
const PAUSE_MS = 100;

interface SmtpFailure {
  readonly response?: string;
  readonly message: string;
}

function isFailure(error: unknown): error is SmtpFailure {
  return error instanceof Error;
}

async function sendOne(id: string): Promise<SentMessage> {
  try {
    const { response: reply } = await transport.sendMail({
      envelope: { from: task.from, to: task.to },
      from: task.from,
      to: task.to,
      subject: `Test ${id}`,
      headers: { 'X-Test-Id': id },
      text: LINE.repeat(Math.ceil(task.bytes / LINE.length)),
    });
    return { id, outcome: 'accepted', reply };
  } catch (error) {
    if (!isFailure(error)) throw error;
    const { response, message } = error;
    return response === undefined
      ? { id, outcome: 'lost', reply: message }
      : { id, outcome: 'refused', reply: response };
  }
}

let tried = 0;
let accepted = 0;

async function work(): Promise<void> {
  const end = Date.now() + task.deadline_ms;
  while (tried < task.attempts && accepted < task.count && Date.now() < end) {
    tried += 1;
    const sent = await sendOne(`${task.prefix}-${tried}`);
    process.stdout.write(`${JSON.stringify(sent)}\n`);
    if (sent.outcome === 'accepted') accepted += 1;
    else await pause(PAUSE_MS);
  }
}

await Promise.all(Array.from({ length: task.concurrency }, work));
transport.close();
