import { describe, expect, it } from 'vitest';
import { readAutoconfig } from '../../../../entrypoint/setup/autoconfig.ts';
import { discover, type Sources } from '../../../../entrypoint/setup/discovery.ts';

const nothing = async (): Promise<never> => {
  throw new Error('no answer');
};

const SILENT: Sources = { srv: nothing, mx: nothing, text: nothing, exists: async () => false };

/** The candidates as host:port by origin. */
const found = async (address: string, sources: Partial<Sources> = {}, patienceMs = 50) =>
  (await discover(address, { ...SILENT, ...sources }, patienceMs)).map(
    ({ host, port, origin, username }) => `${host}:${port} ${origin} ${username}`,
  );

const xml = (...servers: readonly string[]): string =>
  `<clientConfig version="1.1"><emailProvider id="isp.example">
    <incomingServer type="imap"><hostname>imap.isp.example</hostname></incomingServer>
    ${servers.join('\n')}
  </emailProvider></clientConfig>`;

const server = (host: string, port: number, socket: string, username = '%EMAILADDRESS%'): string =>
  `<outgoingServer type="smtp"><hostname>${host}</hostname><port>${port}</port>
    <socketType>${socket}</socketType><username>${username}</username></outgoingServer>`;

describe('the provider of an address', () => {
  it.each([
    ['me@gmail.com', 'smtp.gmail.com:465'],
    ['me@GoogleMail.com', 'smtp.gmail.com:465'],
    ['me@outlook.com', 'smtp-mail.outlook.com:587'],
    ['me@live.com', 'smtp-mail.outlook.com:587'],
    ['me@yahoo.co.jp', 'smtp.mail.yahoo.co.jp:465'],
  ])('%s is known without asking anybody', async (address, host) => {
    expect(await found(address)).toEqual([`${host} preset ${address}`]);
  });

  it('comes from the file of the domain before anything else, each server once', async () => {
    const asked: string[] = [];
    const text = async (url: string): Promise<string> => {
      asked.push(url);
      return xml(server('mail.isp.example', 465, 'SSL', '%EMAILLOCALPART%'));
    };
    const srv = async (name: string) =>
      name.startsWith('_submissions')
        ? [{ name: 'mail.isp.example', port: 465 }]
        : [{ name: 'mail.isp.example', port: 587 }];
    expect(await found('me@isp.example', { text, srv })).toEqual([
      'mail.isp.example:465 autoconfig me',
      'mail.isp.example:587 srv me@isp.example',
    ]);
    expect(asked.join(' ')).not.toContain('me@');
  });

  it.each([
    ['aspmx.l.google.com', 'smtp.gmail.com:465'],
    ['isp-example.mail.protection.outlook.com', 'smtp.office365.com:587'],
    ['notgoogle.com', undefined],
  ])('by the MX host %s', async (host, expected) => {
    const candidates = await found('me@isp.example', { mx: async () => [host] });
    expect(candidates).toEqual(expected === undefined ? [] : [`${expected} mx me@isp.example`]);
  });

  it("asks Thunderbird's database about the domain of the MX host", async () => {
    const text = async (url: string): Promise<string> => {
      if (url !== 'https://autoconfig.thunderbird.net/v1.1/hoster.co.jp') throw new Error('404');
      return xml(server('smtp.hoster.co.jp', 587, 'STARTTLS'));
    };
    const mx = async () => ['mx1.mail.hoster.co.jp'];
    expect(await found('me@isp.example', { text, mx })).toEqual([
      'smtp.hoster.co.jp:587 ispdb me@isp.example',
    ]);
  });

  it('a domain that says it has no such service is believed, and names are guessed last', async () => {
    const srv = async () => [{ name: '', port: 0 }];
    const exists = async (host: string) => host === 'mail.isp.example';
    expect(await found('me@isp.example', { srv, exists })).toEqual([
      'mail.isp.example:587 guess me@isp.example',
    ]);
  });

  it('what never answers is not waited for', async () => {
    const never = () => new Promise<never>(() => {});
    const silent = { srv: never, mx: never, text: never, exists: never };
    expect(await found('me@isp.example', silent)).toEqual([]);
  });
});

it('a file of autoconfig gives only servers with TLS that Hikyaku speaks', () => {
  const text = xml(
    server('clear.isp.example', 25, 'plain'),
    server('odd.isp.example', 4465, 'SSL'),
    server('not a name', 587, 'STARTTLS'),
    `<!-- ${server('old.isp.example', 587, 'STARTTLS')} -->`,
    server('Mail.ISP.example', 587, 'STARTTLS'),
  );
  expect(readAutoconfig(text)).toEqual([{ host: 'mail.isp.example', port: 587, localPart: false }]);
  expect(readAutoconfig('<html>not found</html>')).toEqual([]);
});
