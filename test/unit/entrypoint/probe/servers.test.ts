import { describe, expect, it } from 'vitest';
import { sendersAt } from '../../../../entrypoint/probe/senders.ts';
import { serverFor, serversOf } from '../../../../entrypoint/probe/servers.ts';
import { testSender } from '../../../../entrypoint/reports/test/test-mail.ts';
import { settingsBy } from '../support/judge.ts';

const ACCOUNTS = `
accounts:
  - {sender: me@work.example, host: work.example, username: me, password: x}
  - {sender: "@work.example", host: all.example, username: all, password: x}
`;
const RELAY = 'relay: {host: isp.example, username: hoge@isp.example, password: x}\n';

describe('the server of a sender', () => {
  it.each([
    ['me@work.example', 'accounts.0'],
    ['ME@Work.Example', 'accounts.0'],
    ['me+shop@work.example', 'accounts.0'],
    ['you@work.example', 'accounts.1'],
    ['you@elsewhere.example', 'relay'],
    ['', 'relay'],
  ])('%s is %s', (sender, path) => {
    expect(serverFor(serversOf(settingsBy(RELAY + ACCOUNTS)), sender)?.path).toBe(path);
  });

  it('is none for direct delivery', () => {
    expect(serverFor(serversOf(settingsBy(ACCOUNTS)), 'you@elsewhere.example')).toBeUndefined();
  });
});

describe('the senders that a server is asked about', () => {
  const senders = (yaml: string, path = 'relay') => {
    const settings = settingsBy(yaml);
    const server = serversOf(settings).find((one) => one.path === path);
    return server && sendersAt(server, settings);
  };

  it('are the login when it is an address, and what mail from cron gets', () => {
    expect(senders(`myorigin: home.example\n${RELAY}`)).toEqual([
      'root@home.example',
      'hoge@isp.example',
    ]);
  });

  it('are what they become when mail leaves', () => {
    const yaml = `myorigin: home.example\n${RELAY}generic: {"@home.example": me@isp.example}`;
    expect(senders(yaml)).toEqual(['me@isp.example', 'hoge@isp.example']);
  });

  it('are found in the tables by their bare names too, at home', () => {
    const tables = 'canonical: {root: admin@home.example}\ngeneric: {admin: me@isp.example}';
    expect(senders(`myorigin: home.example\n${RELAY}${tables}`)).toEqual([
      'me@isp.example',
      'hoge@isp.example',
    ]);
  });

  it('are what canonical makes of them, step by step', () => {
    const tables = 'canonical: {root: admin@home.example, admin: boss@isp.example}';
    expect(senders(`myorigin: home.example\n${RELAY}${tables}`)).toEqual([
      'boss@isp.example',
      'hoge@isp.example',
    ]);
  });

  it('are the allowed ones alone when there is a list', () => {
    expect(senders(`${RELAY}allowed_senders: [nas@isp.example, "@isp.example"]`)).toEqual([
      'nas@isp.example',
    ]);
  });

  it("are the account's own address, or nobody of a whole domain", () => {
    expect(senders(RELAY + ACCOUNTS, 'accounts.0')).toEqual(['me@work.example']);
    expect(senders(RELAY + ACCOUNTS, 'accounts.1')).toEqual([]);
  });
});

describe('the sender of a test mail', () => {
  it.each([
    [RELAY, 'hoge@isp.example'],
    [`${RELAY}allowed_senders: [nas@isp.example]`, 'nas@isp.example'],
    ['myorigin: home.example\nrelay: {host: isp.example}', 'root@home.example'],
  ])('%s -> %s', (yaml, sender) => {
    expect(testSender(settingsBy(yaml))).toBe(sender);
  });
});
