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

/** Values that Postfix takes and comes to grief with; no more than are listed at once. */
const WRONG_PARAMETERS = [
  ['POSTFIX_smtpd_timeout', '5min'],
  ['POSTFIX_smtp_helo_timeout', '0'],
  ['POSTFIX_smtpd_hard_error_limit', 'many'],
  ['POSTFIX_qmgr_message_active_limit', '0'],
  ['POSTFIX_smtpd_helo_required', 'maybe'],
  ['POSTFIX_smtputf8_enable', 'always'],
  ['POSTFIX_inet_protocols', 'ipv5'],
  ['POSTFIX_inet_interfaces', '192.0.2.9'],
  ['POSTFIX_smtpd_tls_protocols', 'TLS1.2'],
  ['POSTFIX_smtpd_milters', 'rspamd:11332'],
  ['POSTFIX_milter_default_action', 'acept'],
  ['POSTFIX_content_filter', 'scan:[192.0.2.1]:10025'],
  ['POSTFIX_smtpd_client_restrictions', 'reject_unkown_client'],
  ['POSTFIX_smtpd_helo_restrictions', 'check_helo_access /etc/x'],
  ['POSTFIX_smtpd_data_restrictions', 'check_policy_service'],
  ['POSTFIX_transport_maps', '/etc/transport'],
  ['POSTFIX_recipient_bcc_maps', 'dbm:/etc/bcc'],
  ['POSTFIX_sender_bcc_maps', 'texthash:/nowhere/bcc'],
  ['POSTFIX_smtpd_tls_chain_files', 'server.pem'],
  ['POSTFIX_always_bcc', 'a@b.example, c@d.example'],
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
    /** The places, each on one line of its own; the words are compared in test/unit/corpus. */
    readonly problems: readonly string[];
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
        'RELAY_PORT',
        'RELAY_PASSWROD',
        'RELAY_TLS',
        'RELAY_NETWORKS',
        'RELAY_NETWORKS',
        'RELAY_MAP_TYPE',
        'POSTFIX_relayhost',
        'POSTFIX_smtp_sasl_pasword_maps',
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
        'relay.yaml:1:1 myhostname',
        'relay.yaml:3:3 relay.host',
        'relay.yaml:4:3 relay.prot',
        'relay.yaml:6:3 relay.password_file',
        'relay.yaml:8:5 accounts[0].sender',
        'relay.yaml:10:5 accounts[0].password',
        'relay.yaml:12:3 generic',
        'relay.yaml:13:1 message_size',
      ],
    },
    {
      name: 'in YAML that is none, close to a password',
      settings: { env: { RELAY_CONFIG: `relay:\n\tpassword: ${SECRET}\n` } },
      problems: ['RELAY_CONFIG:2:1'],
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
      problems: ['RELAY_HOST', 'RELAY_USERNAME', 'RELAY_PASSWORD_FILE'],
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
        'RELAY_MESSAGE_SIZE',
        'RELAY_DATABASE_NAME',
        'RELAY_MYHOSTNAME',
        'POSTFIX_transport_maps',
        'POSTFIX_smtpd_client_restrictions',
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
        'RELAY_PORT',
        'RELAY_USERNAME',
        'RELAY_NETWORKS',
        'RELAY_DATABASE_PASSWORD_FILE',
        'RELAY_DATABASE_PASSWORD_FILE',
        'POSTFIX_smtpd_helo_restrictions',
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
      problems: ['RELAY_PASSWORD', 'RELAY_DATABASE_PASSWORD'],
    },
    {
      name: 'for parameters of main.cf, with which Postfix would end or put off all mail',
      settings: {
        env: { RELAY_HOST: 'mail.isp.example', ...Object.fromEntries(WRONG_PARAMETERS) },
      },
      problems: WRONG_PARAMETERS.map(([name]) => name),
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
        ([name], at) => `relay.yaml:${at + 3}:3 postfix.${name.replace('POSTFIX_', '')}`,
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
    const places = all
      .split('\n')
      .flatMap((line) => /^hikyaku: error: (.*?): .*; ./.exec(line)?.[1] ?? []);
    expect(places.sort(), all).toEqual([...problems].sort());
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
    expect(start.stderr).toContain('RELAY_PORT: "smpt"');
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
