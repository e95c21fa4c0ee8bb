import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { Forms } from '../../../../../entrypoint/companion/page/forms.ts';

const DAY_MS = 86_400_000;
const HOST = 'nas.local:8080';

/** A form as a page of the site sends it, but for what is given. */
function posted(body: string, headers: Readonly<Record<string, string | undefined>> = {}) {
  const usual = {
    host: HOST,
    origin: `http://${HOST}`,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  };
  const stream = Readable.from([Buffer.from(body)]);
  return Object.assign(stream, { headers: { ...usual, ...headers } }) as unknown as IncomingMessage;
}

async function answer(forms: Forms, request: IncomingMessage): Promise<number | string> {
  const read = await forms.read(request);
  return 'status' in read ? read.status : read.toString();
}

const forms = new Forms();
const token = `token=${forms.token}`;

it('takes a form of its own', async () => {
  expect(await answer(forms, posted(`${token}&action=hold`))).toBe(`${token}&action=hold`);
});

it.each([
  [{ origin: 'http://evil.com' }, 403],
  [{ origin: 'http://nas.local' }, 403],
  [{ origin: 'null' }, 403],
  [{ origin: undefined }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-site' }, 403],
  [{ 'content-type': 'text/plain' }, 415],
  [{ 'content-length': '20000' }, 413],
  [{ 'content-length': undefined }, 413],
])('with %j, a form gets %i', async (headers, status) => {
  expect(await answer(forms, posted(token, headers))).toBe(status);
});

it('is not troubled by a form that breaks off', async () => {
  const request = posted(token);
  request.destroy(new Error('aborted'));
  expect(await answer(forms, request)).toBe(400);
});

it('believes a browser that says so behind a proxy with another name', async () => {
  const headers = { origin: 'https://mail.example.com', 'sec-fetch-site': 'same-origin' };
  expect(await answer(forms, posted(token, headers))).toBe(token);
});

it.each(['', 'token=', 'token=0', `token=${'0'.repeat(64)}`, `token=${new Forms().token}`])(
  'does not take the token of "%s"',
  async (body) => {
    expect(await answer(forms, posted(body))).toBe(403);
  },
);

it('takes the token of yesterday, and none that is older', async () => {
  let now = 5 * DAY_MS;
  const later = new Forms(() => now);
  const given = `token=${later.token}`;
  now += DAY_MS;
  expect(await answer(later, posted(given))).toBe(given);
  now += DAY_MS;
  expect(await answer(later, posted(given))).toBe(403);
});
