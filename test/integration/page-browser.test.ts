import { mkdir, writeFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, LOGIN, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { hardToRead } from '../support/sight.ts';
import { createVolume } from '../support/volume.ts';

// The page in a browser: by eye and by keyboard, on a phone, without JavaScript, in Japanese. With its
// password mail is held, released and deleted; no other site can do that, and no text of a mail or of a
// server becomes a part of the page.

const FILE = '/etc/hikyaku/relay.yaml';
const SETTINGS = 'page: {listen: 8080, password: open sesame}\nhistory: 30d\n';
const SITE = 'http://relay:8080';

const LATER = 'later@friend.example';
const BUSY = 'busy@friend.example';
const SENDER = "nas'onclick='1&lt@example.com";
const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

const WIDE = { viewport: { width: 1100, height: 800 } };
const PHONE = { viewport: { width: 375, height: 812 } };
const DARK = { colorScheme: 'dark' } as const;

const stack = new AsyncDisposableStack();
let client: Client;
let provider: ProviderHandle;
let relay: Relay;
let browser: TestBrowser;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  const volume = stack.use(await createVolume());
  [client, provider, browser] = await Promise.all([
    startClient(network).then((one) => stack.use(one)),
    startIsp(network).then((one) => stack.use(one)),
    startBrowser(network).then((one) => stack.use(one)),
  ]);
  const env = { RELAY_MYHOSTNAME: 'relay.example' };
  const volumes = { '/var/lib/hikyaku': volume };
  const settings = customerOf(provider, { env, volumes, files: { [FILE]: SETTINGS } });
  relay = stack.use(await startRelay(network, settings));
  const greylisted = '451 4.7.1 Greylisted, please try again later';
  await provider.setFaults(
    { at: 'rcpt', reply: greylisted, match: { to: LATER } },
    { at: 'rcpt', reply: `450 4.2.1 ${HOSTILE} busy`, match: { to: BUSY } },
    { at: 'rcpt', reply: '550 5.1.1 No such user here', match: { to: 'gone@friend.example' } },
  );
  for (const [from, to] of [
    ['printer@example.com', 'office@friend.example'],
    ['nas@example.com', 'gone@friend.example'],
    ['backup@example.com', LATER],
    ['camera@example.com', LATER],
    ['nas@example.com', 'you@friend.example'],
  ] as const) {
    await client.send(relay, { from, to });
  }
  await relay.waitForDelay(LATER);
});
afterAll(() => stack.disposeAsync());

/** A browser that is set up like this; it knows the password. */
const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.chromium.newContext({
    baseURL: SITE,
    httpCredentials: { username: 'admin', password: 'open sesame' },
    locale: 'en-GB',
    ...WIDE,
    ...options,
  });
  return context.newPage();
};

/** Goes to a path until the page says what is wanted. */
async function goto(page: Page, path: string, text: string): Promise<void> {
  await eventually(`"${text}" at ${path}`, async () => {
    await page.goto(path);
    return (await page.content()).includes(text);
  });
}

/** For docs/page.md, when `PICTURES=1` asks for it. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env['PICTURES'] === undefined) return;
  await mkdir('docs/pictures', { recursive: true });
  await writeFile(`docs/pictures/page-${name}.png`, await page.screenshot());
}

const queueIdOf = async (sender: string): Promise<string | undefined> =>
  (await relay.queue()).find((one) => one.sender === sender)?.queue_id;

const queueOf = async (sender: string): Promise<string | undefined> =>
  (await relay.queue()).find((one) => one.sender === sender)?.queue_name;

it.each([
  ['light', 'wide', { ...WIDE }],
  ['dark', 'wide', { ...WIDE, ...DARK }],
  ['light', 'on a phone', { ...PHONE }],
  ['dark', 'on a phone', { ...PHONE, ...DARK }],
])('can be read when %s and %s', async (_light, _width, options) => {
  const page = await open(options);
  await goto(page, '/', 'office@friend.example');
  expect(await page.locator('.verdict h1').textContent()).toBe('Mail is stuck');
  expect(await hardToRead(page)).toEqual([]);
  for (const path of ['/queue', '/history', '/mail?number=1', '/accounts', '/checks', '/nowhere']) {
    await page.goto(path);
    expect(await hardToRead(page)).toEqual([]);
  }
  await page.context().close();
});

it('speaks Japanese to a Japanese browser, and English when it is asked to', async () => {
  const page = await open({ ...PHONE, locale: 'ja-JP' });
  await page.goto('/');
  expect(await page.locator('.verdict h1').textContent()).toBe('メールが滞っています');
  await picture(page, 'phone');
  await page.getByRole('link', { name: 'English' }).click();
  expect(await page.locator('.verdict h1').textContent()).toBe('Mail is stuck');
  // It stays so.
  await page.getByRole('link', { name: 'Queue' }).click();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await page.context().close();
});

it('is used by keyboard alone', async () => {
  const page = await open();
  await page.goto('/queue');
  await page.keyboard.press('Tab');
  expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
  const id = await queueIdOf('camera@example.com');
  await tabTo(page, `Choose ${id}`);
  await page.keyboard.press('Space');
  await tabTo(page, 'Hold', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=hold/);
  expect(await page.getByRole('status').textContent()).toBe('On hold: one message.');
  expect(await queueOf('camera@example.com')).toBe('hold');
  await picture(page, 'queue');
  await page.context().close();
});

/** Goes on with the Tab key until what has this name has the focus. */
async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press(key);
    const focus = page.locator(':focus');
    const names = [await focus.getAttribute('aria-label'), await focus.textContent()];
    if (names.includes(name)) return;
  }
  throw new Error(`"${name}" is not reached by ${key}`);
}

it('releases, and deletes after a question, without JavaScript', async () => {
  const page = await open({ ...PHONE, javaScriptEnabled: false });
  await page.goto('/queue?q=camera');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Release' }).click();
  await page.waitForURL(/done=release/);
  expect(await queueOf('camera@example.com')).not.toBe('hold');

  const id = await queueIdOf('camera@example.com');
  await page.goto('/queue');
  await page.getByRole('checkbox', { name: `Choose ${id}` }).check();
  await page.getByRole('button', { name: 'Delete' }).click();
  expect(await page.locator('h1').textContent()).toBe('Delete this message?');
  expect(await page.locator('main').textContent()).toContain('camera@example.com');
  expect(await queueIdOf('camera@example.com')).toBe(id);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL(/done=delete/);
  expect(await queueIdOf('camera@example.com')).toBeUndefined();
  // Who did it stands in the log, and what became of the mail in the history.
  await relay.waitForLog(new RegExp(`page: admin at [0-9.]+: delete ${id}`));
  await goto(page, `/history?q=${id}`, 'state deleted');
  await page.context().close();
});

it('retries at once what is chosen', async () => {
  await provider.setFaults();
  const { messages } = await provider.stats();
  const page = await open();
  await page.goto('/queue?q=backup&all=1');
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.waitForURL(/done=retry/);
  await provider.waitForMessages(messages + 1);
  await goto(page, '/', 'Mail gets out');
  expect(await hardToRead(page)).toEqual([]);
  await picture(page, 'overview');
  await page.context().close();
});

it('shows each way out, and what doctor finds when it is asked', async () => {
  const page = await open({ javaScriptEnabled: false });
  await goto(page, '/accounts', LATER);
  const account = await page.locator('article').textContent();
  expect(account).toContain('[mail.isp.example]:587');
  expect(account).toContain(LOGIN.username);
  await page.goto('/checks');
  await page.getByRole('button', { name: 'Check now' }).click();
  await goto(page, '/checks', 'Checked at');
  expect(await page.textContent('main')).toContain('relay host [mail.isp.example]:587');
  expect(await hardToRead(page)).toEqual([]);
  expect(await page.content()).not.toContain(LOGIN.password);
  await page.context().close();
});

it('shows texts of mail and servers as texts', async () => {
  await provider.setFaults({ at: 'rcpt', reply: `450 4.2.1 ${HOSTILE} busy`, match: { to: BUSY } });
  const headers = `Subject: ${HOSTILE}\nMessage-ID: <${HOSTILE.replaceAll(' ', '/')}@example.com>\n\n`;
  const handIn = 'printf %s "$0" | sendmail -f "$1" "$2"';
  await relay.run(['sh', '-c', handIn, headers, SENDER, BUSY]);
  await relay.waitForDelay(BUSY);
  const page = await open();
  let violations = 0;
  let dialogs = 0;
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) violations += 1;
  });
  page.on('dialog', async (dialog) => {
    dialogs += 1;
    await dialog.dismiss();
  });
  await goto(page, `/history?q=${BUSY}`, 'state deferred');
  const link = await page.locator('td.id a').first().getAttribute('href');
  for (const path of ['/', '/queue', `/queue?q=${HOSTILE}`, `/history?q=${HOSTILE}`, `${link}`]) {
    await page.goto(path);
    expect(await page.locator('script, img, b, [onerror]').count()).toBe(0);
  }
  expect(await page.locator('main').textContent()).toContain(SENDER);
  expect(await page.locator('main').textContent()).toContain(HOSTILE);
  expect({ violations, dialogs }).toEqual({ violations: 0, dialogs: 0 });
  // Should one become a part of the page all the same, the browser does not run it.
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { text: 'alert(3)' }))`,
  );
  await eventually('a violation', () => violations > 0);
  expect(dialogs).toBe(0);
  await page.context().close();
});

it('lets no other site act, nor show it in a frame', async () => {
  const page = await open();
  const token = await tokenOf(page);
  const { url } = await posted(page, `<input name="token" value="${token}">`);
  expect(url).toBe(`${SITE}/queue`);
  expect(await page.textContent('body')).toContain('not from this page');
  await page.setContent(`<iframe src="${SITE}/"></iframe>`);
  await page.waitForLoadState('load');
  const texts = await Promise.all(page.frames().map((frame) => frame.content()));
  expect(texts.join()).not.toContain('Hikyaku');
  await page.context().close();
});

async function tokenOf(page: Page): Promise<string | null> {
  await page.goto('/queue');
  return page.locator('input[name=token]').first().getAttribute('value');
}

/** Another site has a form sent to this one; the browser knows the password. */
async function posted(page: Page, fields: string): Promise<{ readonly url: string }> {
  await page.goto('about:blank');
  await page.setContent(
    `<form method="post" action="${SITE}/queue">${fields}<button name="action" value="retry-all">go</button></form>`,
  );
  await page.getByRole('button').click();
  await page.waitForURL(/relay/);
  return { url: page.url() };
}
