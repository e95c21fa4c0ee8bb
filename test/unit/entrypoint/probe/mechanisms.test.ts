import { expect, it } from 'vitest';
import { usableMechanisms } from '../../../../entrypoint/postfix/mechanisms.ts';

it.each<[offered: string[], allowed: string[], usable: string[]]>([
  [['PLAIN', 'LOGIN', 'CRAM-MD5'], [], ['CRAM-MD5', 'PLAIN', 'LOGIN']],
  [['CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-1'], [], ['SCRAM-SHA-1', 'DIGEST-MD5', 'CRAM-MD5']],
  [
    ['SCRAM-SHA-1', 'SCRAM-SHA-224', 'SCRAM-SHA-512'],
    [],
    ['SCRAM-SHA-512', 'SCRAM-SHA-224', 'SCRAM-SHA-1'],
  ],
  [['GSSAPI', 'NTLM', 'LOGIN'], [], ['LOGIN']],
  [['NTLM', 'LOGIN'], ['ntlm'], ['NTLM']],
  [['XOAUTH2', 'PLAIN'], ['plain', 'login'], ['PLAIN']],
  [['CRAM-MD5', 'GSSAPI'], ['plain', 'login'], []],
])('of %j, with %j allowed, %j are tried in this order', (offered, allowed, usable) => {
  expect(usableMechanisms(offered, allowed)).toEqual(usable);
});
