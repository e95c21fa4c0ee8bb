import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startContainer, type TestContainer } from '../support/container.ts';
import { customerOf, LOGIN, startIsp } from '../support/customer.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { headerField } from '../support/provider/journal.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type RelaySettings, runRelay, startRelay } from '../support/relay.ts';

// Bad settings are refused, all at once; good ones mean the same wherever they stand.

const SECRET = 'Zeheim3';

/** Values that Postfix takes and comes to grief with, and a word of the remedy; no more than are listed at once. */
const WRONG_PARAMETERS = [
  ['POSTFIX_smtpd_timeout', '5min', '30s, 5m or 1h'],
  ['POSTFIX_smtp_helo_timeout', '0', '30s, 5m or 1h'],
  ['POSTFIX_smtpd_hard_error_limit', 'many', 'a whole number'],
  ['POSTFIX_qmgr_message_active_limit', '0', 'a whole number'],
  ['POSTFIX_smtpd_helo_required', 'maybe', 'use yes or no'],
  ['POSTFIX_smtputf8_enable', 'always', 'use yes or no'],
  ['POSTFIX_inet_protocols', 'ipv5', 'ipv4 or ipv6'],
  ['POSTFIX_inet_interfaces', '192.0.2.9', 'use all'],
  ['POSTFIX_smtpd_tls_protocols', 'TLS1.2', '>=TLSv1.2'],
  ['POSTFIX_smtpd_milters', 'rspamd:11332', 'inet:host:port'],
  ['POSTFIX_milter_default_action', 'acept', 'accept'],
  ['POSTFIX_content_filter', 'scan:[192.0.2.1]:10025', 'smtp'],
  ['POSTFIX_smtpd_client_restrictions', 'reject_unkown_client', 'reject_unknown_client'],
  ['POSTFIX_smtpd_helo_restrictions', 'check_helo_access /etc/x', 'check_helo_access texthash:'],
  ['POSTFIX_smtpd_data_restrictions', 'check_policy_service', 'postconf(5)'],
  ['POSTFIX_transport_maps', '/etc/transport', 'texthash:/path'],
  ['POSTFIX_recipient_bcc_maps', 'dbm:/etc/bcc', 'texthash'],
  ['POSTFIX_sender_bcc_maps', 'texthash:/nowhere/bcc', 'mount it'],
  ['POSTFIX_smtpd_tls_chain_files', 'server.pem', 'start it with "/"'],
  ['POSTFIX_always_bcc', 'a@b.example, c@d.example', 'one alone'],
] as const;

const stack = new AsyncDisposableStack();
let network: TestNetwork;
/** The image without a relay that runs: settings are tried here one after the other. */
let bench: TestContainer;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  bench = stack.use(
    await startContainer({
      image: IMAGES.relay,
      network,
      aliases: ['bench'],
      entrypoint: ['sleep', 'infinity'],
    }),
  );
});
afterAll(() => stack.disposeAsync());

describe('settings that cannot be used', () => {
  interface Case {
    readonly name: string;
    readonly settings: RelaySettings;
    /** Each is on one line of its own: the place, and words that must stand behind it. */
    readonly problems: readonly (readonly [where: string, words: string])[];
  }

  const CASES: readonly Case[] = [
    {
      name: 'in variables',
      settings: {
        env: {
          RELAY_HOST: 'mail.isp.example',
          RELAY_PORT: 'smpt',
          RELAY_USERNAME: 'hoge',
          RELAY_PASSWROD: SECRET,
          RELAY_TLS: 'opportunistic',
          RELAY_NETWORKS: 'attached, 192.168.1.7/24, 0.0.0.0/0',
          RELAY_MAP_TYPE: 'dbm',
          POSTFIX_relayhost: 'mail.isp.example',
          POSTFIX_smtp_sasl_pasword_maps: SECRET,
        },
      },
      problems: [
        ['RELAY_PORT', '"smpt" is not a port; use a number from 1 to 65535, or submission'],
        ['RELAY_PASSWROD', 'is not a setting; did you mean RELAY_PASSWORD?'],
        ['RELAY_TLS', 'would send the password over a connection that may be in clear; use verify'],
        ['RELAY_NETWORKS', '"192.168.1.7/24" is an address inside a network, not a network; use'],
        ['RELAY_NETWORKS', '"0.0.0.0/0" would let everyone send: an open relay; name'],
        ['RELAY_MAP_TYPE', '"dbm" is not known here; use lmdb'],
        ['POSTFIX_relayhost', 'is set by Hikyaku itself; use RELAY_HOST instead'],
        ['POSTFIX_smtp_sasl_pasword_maps', 'did you mean smtp_sasl_password_maps?'],
      ],
    },
    {
      name: 'in a file, which is read at its usual place',
      settings: {
        files: {
          '/etc/hikyaku/relay.yaml': [
            'myhostname: linux_box.myhome.net',
            'relay:',
            '  host: "[mail.isp.example]:587"',
            '  prot: 587',
            '  username: hoge',
            '  password_file: /run/secrets/isp',
            'accounts:',
            '  - sender: user1',
            '    host: mail.example.com',
            `    password: ${SECRET}`,
            'generic:',
            '  "@localdomain.local": not an address',
            'message_size: large',
          ].join('\n'),
        },
      },
      problems: [
        ['relay.yaml:1:1 myhostname', '"linux_box.myhome.net" is not a host name; use letters'],
        ['relay.yaml:3:3 relay.host', 'give mail.isp.example as the host and 587 as the port'],
        ['relay.yaml:4:3 relay.prot', 'is not a setting; did you mean port?'],
        ['relay.yaml:6:3 relay.password_file', 'the file "/run/secrets/isp" does not exist; mount'],
        ['relay.yaml:8:5 accounts[0].sender', 'is not a mail address that can stand here'],
        ['relay.yaml:10:5 accounts[0].password', 'has no login name; give'],
        ['relay.yaml:12:3 generic', '"not an address" is not a mail address that can stand here'],
        ['relay.yaml:13:1 message_size', '"large" is not a size; use a number with a unit'],
      ],
    },
    {
      name: 'in YAML that is none, close to a password',
      settings: { env: { RELAY_CONFIG: `relay:\n\tpassword: ${SECRET}\n` } },
      problems: [['RELAY_CONFIG:2:1', 'a tab is used to indent']],
    },
    {
      name: 'with a secret where something else belongs',
      settings: {
        env: {
          RELAY_HOST: `hoge:${SECRET}@mail.isp.example`,
          RELAY_USERNAME: `hoge:${SECRET}`,
          RELAY_PASSWORD_FILE: SECRET,
        },
      },
      problems: [
        ['RELAY_HOST', 'not shown: it may hold a password'],
        ['RELAY_USERNAME', 'has a ":" in it'],
        ['RELAY_PASSWORD_FILE', 'is not the full path of a file'],
      ],
    },
    {
      name: 'that only this container shows to be wrong',
      settings: {
        hostname: 'x!y',
        env: {
          RELAY_MESSAGE_SIZE: '900GB',
          RELAY_DATABASE_DRIVER: 'sqlite',
          RELAY_DATABASE_NAME: '/data/accounts.sqlite',
          POSTFIX_transport_maps: 'texthash:/data/transport',
          POSTFIX_smtpd_client_restrictions: 'reject_unknown_cleint',
        },
      },
      problems: [
        ['RELAY_MESSAGE_SIZE', 'the disk of the queue is too small for messages of 921600MB'],
        ['RELAY_DATABASE_NAME', 'file "/data/accounts.sqlite" does not exist; mount it'],
        ['RELAY_MYHOSTNAME', 'host name, "x!y", is none that Postfix takes; give a name'],
        ['POSTFIX_transport_maps', 'file "/data/transport" does not exist; mount it'],
        ['POSTFIX_smtpd_client_restrictions', '"reject_unknown_cleint" is no restriction'],
      ],
    },
    {
      name: 'with the password in several odd places as well',
      settings: {
        env: {
          RELAY_HOST: 'mail.isp.example',
          RELAY_PORT: SECRET,
          RELAY_USERNAME: `${SECRET} `,
          RELAY_PASSWORD: SECRET,
          RELAY_NETWORKS: `attached ${SECRET}`,
          RELAY_DATABASE_PASSWORD_FILE: `/${SECRET}`,
          POSTFIX_smtpd_helo_restrictions: SECRET,
        },
      },
      problems: [
        ['RELAY_PORT', 'is not a port (not shown: it may hold a password)'],
        ['RELAY_USERNAME', 'begins or ends with a blank; remove the blank'],
        ['RELAY_NETWORKS', 'is not an address or a network (not shown: it may hold a password)'],
        ['RELAY_DATABASE_PASSWORD_FILE', 'the file does not exist (its name is not shown'],
        ['RELAY_DATABASE_PASSWORD_FILE', 'needs the kind of database'],
        ['POSTFIX_smtpd_helo_restrictions', 'a word in it is no restriction that Postfix knows'],
      ],
    },
    {
      name: 'with secrets that are wrong in themselves',
      settings: {
        env: {
          RELAY_HOST: 'mail.isp.example',
          RELAY_USERNAME: 'hoge',
          RELAY_PASSWORD: `${SECRET}\nsecond line`,
          RELAY_DATABASE_DRIVER: 'mysql',
          RELAY_DATABASE_HOSTS: 'db',
          RELAY_DATABASE_NAME: 'mail',
          RELAY_DATABASE_USER: 'hikyaku',
          RELAY_DATABASE_PASSWORD: `${SECRET} `,
        },
      },
      problems: [
        ['RELAY_PASSWORD', 'has a line break or another control character in it'],
        ['RELAY_DATABASE_PASSWORD', 'ends in a blank'],
      ],
    },
    {
      name: 'for parameters of main.cf, with which Postfix would end or put off all mail',
      settings: {
        env: { RELAY_HOST: 'mail.isp.example', ...Object.fromEntries(WRONG_PARAMETERS) },
      },
      problems: WRONG_PARAMETERS.map(([name, , right]) => [name, right] as const),
    },
    {
      name: 'for the same parameters in a file',
      settings: {
        files: {
          '/etc/hikyaku/relay.yaml': [
            'relay: {host: mail.isp.example}',
            'postfix:',
            ...WRONG_PARAMETERS.map(
              ([name, value]) => `  ${name.replace('POSTFIX_', '')}: ${JSON.stringify(value)}`,
            ),
          ].join('\n'),
        },
      },
      problems: WRONG_PARAMETERS.map(
        ([name, , right], at) =>
          [`relay.yaml:${at + 3}:3 postfix.${name.replace('POSTFIX_', '')}`, right] as const,
      ),
    },
  ];

  /** What a start says; in a container of its own only where that has to be another one. */
  async function start({ env = {}, files = {}, hostname }: RelaySettings) {
    if (hostname !== undefined) return await runRelay(network, { env, files, hostname });
    await bench.run(['rm', '-f', '/etc/hikyaku/relay.yaml']);
    for (const [path, content] of Object.entries(files)) {
      await bench.copyIn(path, typeof content === 'string' ? content : content.content);
    }
    const { exitCode, output: all } = await bench.exec(['hikyaku', 'start'], { env });
    return { exitCode, all };
  }

  it.each(CASES)('$name: exit code 78, every problem on a line', async ({ settings, problems }) => {
    const { exitCode, all } = await start(settings);
    expect(exitCode).toBe(78);
    const errors = all.split('\n').filter((line) => line.startsWith('hikyaku: error: '));
    for (const [where, words] of problems) {
      const found = errors.filter(
        (line) => line.startsWith(`hikyaku: error: ${where}: `) && line.includes(words),
      );
      expect(found, `${where}: ${words}\n\n${all}`).toHaveLength(1);
    }
    expect(errors, all).toHaveLength(problems.length);
    expect(all).not.toContain(SECRET);
    expect(all).not.toMatch(/postfix\/|daemon started/);
  });

  it('are told by "check" in the same words', async () => {
    const env = {
      // A warning would name the container otherwise.
      RELAY_MYHOSTNAME: 'relay.home.example',
      RELAY_PORT: 'smpt',
      RELAY_HOST: 'mail.isp.example',
    };
    const [start, check] = [
      await runRelay(network, { env }),
      await runRelay(network, { env, command: ['check'] }),
    ];
    expect(start.stderr).toContain('RELAY_PORT: "smpt" is not a port');
    expect(check).toEqual(start);
  });
});

describe('the same good settings', () => {
  let provider: ProviderHandle;
  let client: Client;
  beforeAll(async () => {
    client = stack.use(await startClient(network));
    provider = stack.use(await startIsp(network, { names: ['foo.bar.example'] }));
  });

  const relay = [
    'relay:',
    '  host: foo.bar.example',
    '  port: submissions',
    '  username: hoge',
    '  password_file: /run/secrets/isp',
    '  ca_file: /certs/provider-ca.pem',
    'generic: {"@linux.myhome.net": hoge@foo.bar.example}',
  ].join('\n');
  // No login of customerOf's: everything comes from where the case says.
  const none = { RELAY_HOST: '', RELAY_USERNAME: '', RELAY_PASSWORD: '', RELAY_CA_FILE: '' };
  const secret = { '/run/secrets/isp': `${LOGIN.password}\n` };

  it.each<[string, RelaySettings]>([
    ['in RELAY_CONFIG', { env: { ...none, RELAY_CONFIG: relay }, files: secret }],
    ['in the file', { env: none, files: { ...secret, '/etc/hikyaku/relay.yaml': relay } }],
    [
      'in a file elsewhere',
      {
        env: { ...none, RELAY_CONFIG_FILE: '/run/configs/mail.yml' },
        files: { ...secret, '/run/configs/mail.yml': relay },
      },
    ],
    [
      'in variables, which win over the file',
      {
        env: {
          RELAY_PORT: '465',
          RELAY_GENERIC: '@linux.myhome.net=hoge@foo.bar.example',
          // Kubernetes gives these to every container beside a service of that name.
          RELAY_SERVICE_HOST: '10.0.0.1',
          POSTFIX_PORT: 'tcp://10.0.0.1:25',
        },
        files: {
          '/etc/hikyaku/relay.yaml': 'relay: {host: other.example, username: x, password: y}',
        },
      },
    ],
  ])('%s deliver mail', async (_, settings) => {
    await provider.clearMessages();
    await using started = await startRelay(network, customerOf(provider, settings));
    await client.send(started, { from: 'root@linux.myhome.net', to: 'friend@example.com' });
    const [message] = await provider.waitForMessages(1);
    expect(message?.session).toMatchObject({ listener: 465, auth: { username: 'hoge' } });
    expect(message?.envelope.from).toBe('hoge@foo.bar.example');
    expect(headerField(message?.raw ?? '', 'From')).toBe('hoge@foo.bar.example');
  });
});
