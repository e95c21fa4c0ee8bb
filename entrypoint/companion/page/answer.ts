import type { Html } from './html.ts';

/** The response to a request. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * No foreign content, no scripts, no frames, no caching. Browsers send the referrer only to this
 * site, where forms need it to prove their origin (forms.ts).
 */
export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

const TEXT = 'text/plain; charset=utf-8';

export const shown = (content: Html, status = 200): Answer => ({
  status,
  type: 'text/html; charset=utf-8',
  body: content.text,
});

export const plain = (
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({ status, type: TEXT, body: `${text}\n`, headers });

/** After a form: going back or loading again does not send it twice (RFC 9110 section 15.4.4). */
export const seeOther = (location: string): Answer => plain(303, location, { location });
