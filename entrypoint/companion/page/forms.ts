import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Refused } from './gate.ts';

/** A hundred queue IDs, with room to spare. */
const MOST_BYTES = 16_384;

const DAY_MS = 86_400_000;

/**
 * Protects forms. A browser sends the password with each request, also with one from another site's
 * page. So a form must come from this site by the browser's headers, and carry a token that only
 * pages of this site have. No cookie is used that could be stolen or set.
 */
export class Forms {
  readonly #key = randomBytes(32);
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The token for the forms of a page; valid until the next day, or until the program ends. */
  get token(): string {
    return this.#tokenOf(this.#today);
  }

  /** The fields of a form, or why it is refused. */
  async read(request: IncomingMessage): Promise<URLSearchParams | Refused> {
    const { headers } = request;
    if (!isFromHere(headers)) return refused(403, 'this form is not from this page');
    const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/x-www-form-urlencoded') return refused(415, 'this is not a form');
    // Node.js stops reading at the announced length (RFC 9112 section 6.3).
    const length = Number(headers['content-length'] ?? Number.NaN);
    if (!(length <= MOST_BYTES)) return refused(413, 'this form is too long');
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return refused(400, 'the form did not come to its end');
    const form = new URLSearchParams(body);
    if (!this.#isOurs(form.get('token') ?? '')) {
      return refused(
        403,
        'this form is from another time: go back, load the page again, try again',
      );
    }
    return form;
  }

  get #today(): number {
    return Math.floor(this.#now() / DAY_MS);
  }

  #tokenOf(day: number): string {
    return createHmac('sha256', this.#key).update(`form ${day}`).digest('hex');
  }

  #isOurs(token: string): boolean {
    const given = Buffer.from(token);
    return [this.#today, this.#today - 1]
      .map((day) => Buffer.from(this.#tokenOf(day)))
      .some((known) => known.length === given.length && timingSafeEqual(known, given));
  }
}

const refused = (status: Refused['status'], text: string): Refused => ({
  status,
  headers: { connection: 'close' },
  text,
});

/**
 * Whether the browser says that a page of this site has made the request: by Sec-Fetch-Site (W3C, Fetch
 * Metadata), which it sends where there is TLS, or else by the Origin header (RFC 6454 section 7).
 */
function isFromHere({
  'sec-fetch-site': site,
  origin = '',
  host = '',
}: IncomingMessage['headers']): boolean {
  if (site !== undefined) return site === 'same-origin';
  return host !== '' && URL.parse(origin)?.host === URL.parse(`http://${host}`)?.host;
}
