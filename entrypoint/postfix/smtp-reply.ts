/** One reply of a server; the lines of a longer one without their codes. */
export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** A reply on one line, as Postfix shows it: the code once, the lines joined by blanks. */
export const replyText = ({ code, lines }: Reply): string =>
  `${code} ${lines.map((line) => line.trim()).join(' ')}`.trim();

/** 2xx, and 3xx where more is expected (RFC 5321 section 4.2.1). */
export const isGood = ({ code }: Reply): boolean => code >= 200 && code < 400;

/** The other end does not speak SMTP. */
export class NotSmtp extends Error {
  readonly line: string;

  constructor(line: string) {
    super(`it does not speak SMTP: ${line.slice(0, 60)}`);
    this.line = line.slice(0, 60);
  }
}

/** Puts replies together from what arrives: `250-first`, `250 last` (RFC 5321 section 4.2.1). */
export class ReplyParser {
  #rest = '';
  #lines: string[] = [];
  readonly #replies: Reply[] = [];

  push(text: string): void {
    this.#rest += text;
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line.replace(/\r$/, ''));
  }

  /** Whether a reply has begun and not ended (`220-`). */
  get midReply(): boolean {
    return this.#lines.length > 0;
  }

  /** The next complete reply; undefined until it has arrived. */
  take(): Reply | undefined {
    return this.#replies.shift();
  }

  #line(line: string): void {
    const [, code, separator, text = ''] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
    if (code === undefined) throw new NotSmtp(line);
    this.#lines.push(text);
    if (separator === '-') return;
    this.#replies.push({ code: Number(code), lines: this.#lines });
    this.#lines = [];
  }
}

/** The extensions in a server's reply to EHLO. */
export interface Announcement {
  /** How the server calls itself, in lower case. */
  readonly name: string;
  readonly starttls: boolean;
  /** In capitals, in the server's order. */
  readonly mechanisms: readonly string[];
  /** The address that it sees at our end, as many servers say: `mx.example at your service, [192.0.2.1]`. */
  readonly seenAs: string | undefined;
  /** The largest message in bytes; undefined when it sets no limit (RFC 1870). */
  readonly size: number | undefined;
}

/** Reads the reply to EHLO; the old form `AUTH=PLAIN LOGIN` counts, as it does for Postfix. */
export function readAnnouncement({ lines }: Reply): Announcement {
  const words = lines.slice(1).map((line) => line.trim().toUpperCase());
  const mechanisms = words.flatMap((line) =>
    /^AUTH[ =]/.test(line) ? line.slice(5).split(/\s+/) : [],
  );
  const size = Number(words.find((line) => line.startsWith('SIZE '))?.slice(5));
  return {
    name: lines[0]?.trim().split(' ')[0]?.toLowerCase() ?? '',
    starttls: words.includes('STARTTLS'),
    mechanisms: [...new Set(mechanisms.filter((mechanism) => mechanism !== ''))],
    seenAs: /\[(?:IPv6:)?([\da-f.:]+)\]/i.exec(lines[0] ?? '')?.[1],
    size: size > 0 ? size : undefined,
  };
}
