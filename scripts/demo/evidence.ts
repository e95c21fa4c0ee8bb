/** The output and the checks of the demo, from the provider's record of one message. */
import type { ProviderMessage } from '../../test/support/provider/api.ts';

/** The expected result for the demo's mail. */
export interface Expectation {
  readonly username: string;
  /** The made-up address that the sender used. */
  readonly madeUp: string;
  /** The expected address. */
  readonly real: string;
}

/** The differences from the expected message; empty after a success. */
export function problemsOf(message: ProviderMessage, expected: Expectation): readonly string[] {
  const { session, envelope } = message;
  const from = headerOf(message.raw, 'From') ?? '';
  const checks: readonly (readonly [boolean, string])[] = [
    [session.tls !== null, 'the relay did not use TLS'],
    [
      session.auth?.username === expected.username,
      `the relay did not log in as ${expected.username}`,
    ],
    [
      envelope.from === expected.real,
      `the envelope sender is ${envelope.from}, not ${expected.real}`,
    ],
    [from.includes(expected.real), `the From header is "${from}", without ${expected.real}`],
    [!from.includes(expected.madeUp), `the From header still says ${expected.madeUp}`],
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}

/** The record of one message, for people. */
export function describeMessage(message: ProviderMessage): string {
  const { session, envelope } = message;
  const facts: readonly (readonly [string, string])[] = [
    ['logged in as', session.auth?.username ?? 'nobody'],
    ['mechanism', session.auth?.mechanism ?? 'none'],
    ['TLS', session.tls === null ? 'none' : `${session.tls.version}, ${session.tls.cipher}`],
    ['port', String(session.listener)],
    ['EHLO', session.helo],
    ['MAIL FROM', `<${envelope.from}>`],
    ...envelope.to.map((to) => ['RCPT TO', `<${to}>`] as const),
  ];
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return [...facts.map(([name, value]) => name.padEnd(width) + value), '', ...lines(message.raw)]
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

/** The mail as the sender showed it, for people. */
export function describeHandedIn(text: string): string {
  return lines(text)
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

/** A header's value, unfolded (RFC 5322, section 2.2.3). */
export function headerOf(raw: string, name: string): string | undefined {
  const [head = ''] = raw.split(/\r?\n\r?\n/, 1);
  const unfolded = head.replaceAll(/\r?\n(?=[ \t])/g, '');
  const prefix = `${name.toLowerCase()}:`;
  return unfolded
    .split(/\r?\n/)
    .find((line) => line.toLowerCase().startsWith(prefix))
    ?.slice(prefix.length)
    .trim();
}

function lines(text: string): readonly string[] {
  return text.trimEnd().split(/\r?\n/);
}
