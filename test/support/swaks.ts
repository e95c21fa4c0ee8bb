/** A mail that a test sends. */
export interface Mail {
  /** Envelope sender; '' is the null sender. */
  readonly from: string;
  readonly to: string | readonly string[];
  /** In addition to From, To, Subject and Date, or instead of one of them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How it is handed over. */
export interface Handover {
  readonly port?: number;
  readonly helo?: string;
  /** How long the client waits for a reply; default 60. */
  readonly timeoutSeconds?: number;
  /** `starttls`, or `tls` from the first byte. */
  readonly tls?: 'starttls' | 'tls';
  readonly login?: {
    readonly username: string;
    readonly password: string;
    readonly mechanism: string;
  };
}

/** The replies to the client. */
export interface Delivery {
  /** The final dot was answered with 2xx. */
  readonly accepted: boolean;
  /** The reply that decided: the first refusal, or else the one to the final dot. */
  readonly reply: string;
  /** Every reply of the server in order; lines of one reply are joined by line breaks. */
  readonly replies: readonly string[];
  readonly transcript: string;
}

/** The text of the message. */
export function composeMessage(
  { from, to, headers = {}, body = 'Hello.' }: Mail,
  now: Date,
): string {
  const defaults = {
    From: from || 'MAILER-DAEMON',
    To: [to].flat().join(', '),
    Subject: 'A test',
    Date: now.toUTCString().replace('GMT', '+0000'),
  };
  const lines = Object.entries({ ...defaults, ...headers }).map(
    ([name, text]) => `${name}: ${text}`,
  );
  return `${lines.join('\n')}\n\n${body}\n`;
}

/** The arguments of swaks(1). */
export function swaksArguments(
  host: string,
  { from, to }: Mail,
  { port = 25, helo = 'client.example', timeoutSeconds = 60, tls, login }: Handover,
  messageFile: string,
): string[] {
  return [
    ...['swaks', '--server', host, '--port', String(port), '--helo', helo],
    ...['--timeout', `${timeoutSeconds}s`],
    ...['--from', from || '<>', '--to', [to].flat().join(',')],
    ...['--data', `@${messageFile}`],
    ...(tls === 'starttls' ? ['--tls'] : []),
    ...(tls === 'tls' ? ['--tls-on-connect'] : []),
    ...(login
      ? [
          ...['--auth', login.mechanism, '--auth-user', login.username],
          ...['--auth-password', login.password],
        ]
      : []),
  ];
}

/**
 * Reads the transcript of swaks: `<-` or `<~` (in TLS) before what the server says, `<**` or `<~*`
 * when it is not what swaks hoped for, `->` or `~>` before what the client says. Its own remarks
 * ("<** Timeout …") have no reply code.
 */
export function readTranscript(transcript: string): Delivery {
  const replies: string[] = [];
  let open = '';
  let dotAt: number | undefined;
  for (const line of transcript.split('\n')) {
    if (/^ [-~]> \.$/.test(line)) dotAt = replies.length;
    const [, text] = /^<(?:- |~ |\*\*|~\*) (\d{3}(?:[ -].*)?)$/.exec(line) ?? [];
    if (text === undefined) continue;
    open += open === '' ? text : `\n${text}`;
    if (/^\d{3}-/.test(text)) continue;
    replies.push(open);
    open = '';
  }
  const final = dotAt === undefined ? undefined : replies[dotAt];
  const refusal = replies.find((reply) => /^[45]/.test(reply));
  return {
    accepted: final?.startsWith('2') === true,
    reply: refusal ?? final ?? '',
    replies,
    transcript,
  };
}
