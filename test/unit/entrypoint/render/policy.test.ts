import { describe, expect, test } from 'vitest';
import { policy } from '../../../../entrypoint/render/policy.ts';
import { settingsBy } from '../support/judge.ts';

describe('the policy says', () => {
  test('tells who may send, where mail goes and as whom, and what is rewritten', () => {
    const texts = [
      '',
      'myhostname: a.example\nmyorigin: b.example',
      'listen: [2525]',
      'trust_gateway: yes',
      'networks: []',
      'relay: {host: a.example}',
      'relay: {host: a.example, mx: yes}',
      'relay: {host: a.example, username: hoge, password: piyo}',
      'relay: {host: a.example, port: 465, tls: encrypt}',
      'accounts: [{sender: "@b.example", host: c.example, username: d, password: e}]',
      'generic: {"@b.example": c@d.example}',
      'virtual: {info@b.example: me@c.example}',
      'relay: {host: a.example}\nvirtual: {info@b.example: me@c.example}',
    ];
    const told = texts.flatMap((text) => [`# ${text}`, ...policy(settingsBy(text)), '']);
    expect(told.join('\n')).toMatchInlineSnapshot(`
      "# 
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: the MX hosts of each recipient, TLS: opportunistic

      # myhostname: a.example
      myorigin: b.example
      name: a.example; mail from bare user names is from @b.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: the MX hosts of each recipient, TLS: opportunistic

      # listen: [2525]
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 2525
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: the MX hosts of each recipient, TLS: opportunistic

      # trust_gateway: yes
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16
      mail goes to: the MX hosts of each recipient, TLS: opportunistic

      # networks: []
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, but not 172.18.0.3 (its own address)
      mail goes to: the MX hosts of each recipient, TLS: opportunistic

      # relay: {host: a.example}
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: [a.example]:587 without a login, TLS: verify

      # relay: {host: a.example, mx: yes}
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: a.example:587 without a login, TLS: verify

      # relay: {host: a.example, username: hoge, password: piyo}
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: [a.example]:587 as hoge (password ***), TLS: verify

      # relay: {host: a.example, port: 465, tls: encrypt}
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: [a.example]:465 without a login, TLS: encrypt, implicit

      # accounts: [{sender: "@b.example", host: c.example, username: d, password: e}]
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: the MX hosts of each recipient, TLS: opportunistic
      mail from @b.example goes to: [c.example]:587 as d (password ***), TLS: verify

      # generic: {"@b.example": c@d.example}
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: the MX hosts of each recipient, TLS: opportunistic
      rewritten in outgoing mail: @b.example -> c@d.example

      # virtual: {info@b.example: me@c.example}
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: the MX hosts of each recipient, TLS: opportunistic
      mail to info@b.example goes to: me@c.example, under its sender (no SRS)

      # relay: {host: a.example}
      virtual: {info@b.example: me@c.example}
      name: relay.home.example; mail from bare user names is from @relay.home.example
      listens on: 25, 587
      may send: 127.0.0.0/8, ::1/128, 172.18.0.0/16, but not 172.18.0.1, 172.18.255.254, 172.18.0.3 (its own address)
      mail goes to: [a.example]:587 without a login, TLS: verify
      mail to info@b.example goes to: me@c.example
      "
    `);
  });
});
