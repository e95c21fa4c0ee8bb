import { expect, test } from 'vitest';
import { customerOf, LOGIN } from '../support/customer.ts';
import { examine } from '../support/examination.ts';
import { startNetwork } from '../support/network.ts';
import { startProvider } from '../support/provider.ts';
import { startRelay } from '../support/relay.ts';

// Parts of Postfix that do not start answer nobody, and its own commands wait for them for ever:
// the doctor must not.

test('a Postfix whose parts do not start is told of, instead of being waited for', async () => {
  await using network = await startNetwork();
  await using provider = await startProvider(network, {
    names: ['mail.isp.example'],
    users: { [LOGIN.username]: LOGIN.password },
  });
  await using relay = await startRelay(network, customerOf(provider));
  await relay.run(['rm', '/etc/postfix/main.cf']);
  const { findings, exitCode } = await examine(relay);
  expect(exitCode).toBe(1);
  expect(findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        state: 'wrong',
        trouble: { kind: 'not-in-force', files: ['main.cf'] },
      }),
      expect.objectContaining({ state: 'wrong', trouble: { kind: 'queue-unlisted' } }),
    ]),
  );
  for (const verb of [['status'], ['queue'], ['trace', 'me@example.com']]) {
    const { output, exitCode: code } = await relay.exec(['hikyaku', ...verb]);
    expect(output).toContain('"hikyaku doctor" looks for what is wrong');
    expect(code).not.toBe(0);
  }
});

test('a mail filter that is away is told of, by doctor and by test', async () => {
  await using network = await startNetwork();
  await using provider = await startProvider(network, {
    names: ['mail.isp.example'],
    users: { [LOGIN.username]: LOGIN.password },
  });
  const env = { POSTFIX_smtpd_milters: 'inet:127.0.0.1:8891' };
  await using relay = await startRelay(network, customerOf(provider, { env }));
  const { findings } = await examine(relay);
  expect(findings).toContainEqual(
    expect.objectContaining({
      state: 'wrong',
      kind: 'filter-away',
      settings: expect.arrayContaining(['postfix.smtpd_milters']),
    }),
  );
  const { output } = await relay.exec(['hikyaku', 'test', 'friend@example.com']);
  expect(output).toContain('mail filter in POSTFIX_smtpd_milters');
});
