import { describe, expect, test } from 'vitest';
import { policy } from '../../../../entrypoint/render/policy.ts';
import { settingsBy } from '../support/judge.ts';

describe('the policy says', () => {
  test.each([
    [
      'how the relay calls itself',
      '',
      'name: relay.home.example; mail from bare user names is from @relay.home.example',
    ],
    [
      'its name and origin',
      'myhostname: a.example\nmyorigin: b.example',
      'name: a.example; mail from bare user names is from @b.example',
    ],
    ['where it listens', 'listen: [2525]', 'listens on: 2525'],
    [
      'who may send',
      '',
      'may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)',
    ],
    ['that the gateway may', 'trust_gateway: yes', 'may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16'],
    [
      'that nobody else may',
      'networks: []',
      'may send: 127.0.0.0/8, ::1/128, but not 172.18.0.3 (its own address)',
    ],
    [
      'that mail goes direct',
      '',
      'mail goes to: the MX hosts of each recipient, TLS: opportunistic',
    ],
    [
      'where mail goes',
      'relay: {host: a.example}',
      'mail goes to: [a.example]:587 without a login, TLS: verify',
    ],
    [
      'that MX records are followed',
      'relay: {host: a.example, mx: yes}',
      'mail goes to: a.example:587 without a login, TLS: verify',
    ],
    [
      'as whom',
      'relay: {host: a.example, username: hoge, password: piyo}',
      'mail goes to: [a.example]:587 as hoge (password ***), TLS: verify',
    ],
    [
      'over which TLS',
      'relay: {host: a.example, port: 465, tls: encrypt}',
      'mail goes to: [a.example]:465 without a login, TLS: encrypt, implicit',
    ],
    [
      "where an account's mail goes",
      'accounts: [{sender: "@b.example", host: c.example, username: d, password: e}]',
      'mail from @b.example goes to: [c.example]:587 as d (password ***), TLS: verify',
    ],
    [
      'what is rewritten',
      'generic: {"@b.example": c@d.example}',
      'rewritten in outgoing mail: @b.example -> c@d.example',
    ],
  ])('%s', (_, text, line) => {
    expect(policy(settingsBy(text))).toContain(line);
  });
});
