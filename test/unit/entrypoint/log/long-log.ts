/** A program of its own, so that its heap can be small: reads a long log, or a long queue. */
import { LogReader } from '../../../../entrypoint/log/reader.ts';
import { Tracing } from '../../../../entrypoint/log/tracing.ts';
import { readQueueLine } from '../../../../entrypoint/postfix/queue-entry.ts';
import { Counting, summarize } from '../../../../entrypoint/reports/status/log-summary.ts';
import { QueueSummary } from '../../../../entrypoint/reports/status/queue-summary.ts';

const MAILS = 80_000;

/** The five lines of a mail that leaves; some 500 bytes. */
function* linesOf(mail: number): Generator<string> {
  const id = (0x10000000 + mail).toString(16).toUpperCase();
  const line = (program: string, text: string): string =>
    `Nov 24 11:06:22 relay postfix/${program}[35]: ${id}: ${text}`;
  yield line('smtpd', 'client=unknown[192.168.1.20]');
  yield line('cleanup', `message-id=<${mail}.abc@home.example>`);
  yield line('qmgr', `from=<user${mail}@home.example>, size=1000, nrcpt=1 (queue active)`);
  yield line(
    'smtp',
    `to=<friend${mail}@example.com>, relay=mail.isp.example[192.0.2.1]:587, delay=1, ` +
      `delays=0.1/0/0.2/0.1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ${mail})`,
  );
  yield line('qmgr', 'removed');
}

function read<L extends Counting | Tracing>(listener: () => L): LogReader<L> {
  const reader = new LogReader(listener, () => new Date(2026, 10, 28));
  for (let mail = 0; mail < MAILS; mail += 1) for (const line of linesOf(mail)) reader.push(line);
  return reader;
}

function queue(): string {
  const summary = new QueueSummary([], () => undefined, 1_800_000_000);
  const messages = 100_000;
  for (let number = 0; number < messages; number += 1) {
    const line = JSON.stringify({
      queue_name: 'deferred',
      queue_id: `A${number}`,
      arrival_time: 1_800_000_000 - number,
      message_size: 300,
      sender: `user${number}@home.example`,
      recipients: [
        { address: `friend${number}@example.com`, delay_reason: 'timed out'.repeat(20) },
      ],
    });
    const message = readQueueLine(line);
    if (message !== undefined) summary.add(message);
  }
  return `${summary.total} wait, ${summary.waiting.length} reason`;
}

const ANSWERS: Readonly<Record<string, () => string>> = {
  status: () => `to ${summarize(read(() => new Counting()))?.lastDelivery?.to}`,
  trace: () => {
    const [tracing] = read(() => Tracing.of('friend7@example.com')).listeners;
    return `${tracing?.found([]).length} found`;
  },
  queue,
};

console.log(ANSWERS[process.argv[2] ?? '']?.());
