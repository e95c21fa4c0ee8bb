/**
 * Sends many messages fast and says which of them were accepted. Every message has its own id, in
 * the header X-Test-Id, and is tried once: what was not accepted is not repeated under that id, so
 * a message that arrives twice was doubled by somebody else.
 *
 * Usage: node sender.mjs '{"host": "relay", "port": 25, "count": 100, ...}'
 * One line of JSON per message: {"id": "…", "outcome": "accepted" | "refused" | "lost", "reply": "…"}
 */
import { createTransport } from 'nodemailer';
import type { SenderTask } from './sender-task.ts';

const task: SenderTask = JSON.parse(process.argv[2] ?? '{}');

const transport = createTransport({
  pool: true,
  host: task.host,
  port: task.port,
  name: 'sender.example',
  maxConnections: task.concurrency,
  maxMessages: Number.POSITIVE_INFINITY,
  ignoreTLS: true,
  connectionTimeout: 10_000,
  socketTimeout: 60_000,
});

interface SmtpFailure {
  readonly response?: string;
  readonly message: string;
}

function isFailure(error: unknown): error is SmtpFailure {
  return error instanceof Error;
}

async function sendOne(id: string): Promise<void> {
  try {
    const { response } = await transport.sendMail({
      envelope: { from: task.from, to: task.to },
      from: task.from,
      to: task.to,
      subject: `Test ${id}`,
      headers: { 'X-Test-Id': id },
      text: 'x'
        .repeat(72)
        .concat('\n')
        .repeat(Math.ceil(task.bytes / 73)),
    });
    say(id, 'accepted', response);
  } catch (error) {
    if (!isFailure(error)) throw error;
    // No reply: the relay may have taken the message or not, nobody was told.
    if (error.response === undefined) say(id, 'lost', error.message);
    else say(id, 'refused', error.response);
  }
}

function say(id: string, outcome: string, reply: string): void {
  process.stdout.write(`${JSON.stringify({ id, outcome, reply })}\n`);
}

let next = 0;

async function work(): Promise<void> {
  const end = Date.now() + task.deadline_ms;
  while (next < task.count && Date.now() < end) {
    next += 1;
    await sendOne(`${task.prefix}-${next}`);
  }
}

await Promise.all(Array.from({ length: task.concurrency }, work));
transport.close();
