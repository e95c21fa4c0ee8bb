import { expect, it } from 'vitest';
import { configFile } from '../../../../entrypoint/render/file.ts';
import { withFormerLogins } from '../../../../entrypoint/render/sasl-passwd.ts';

const content = (before: string, now: string) =>
  withFormerLogins(configFile('sasl_passwd', now, 0o600), before).content;

it('keeps the login of a server that is gone, behind those of now', () => {
  const before = '# Logins.\n[old.example]:587\told:a b\n[mail.example]:587\thoge:outdated\n';
  const now = '# Logins.\n[mail.example]:587\thoge:piyo\n';
  expect(content(before, now)).toBe(`${now}[old.example]:587\told:a b\n`);
});

it('forgets the login of a sender that is gone: it would be sent to another server', () => {
  const now = '[mail.example]:587\thoge:piyo\n';
  expect(content('her@mail.example\ther:secret\n@mail.example\tall:secret\n', now)).toBe(now);
});
