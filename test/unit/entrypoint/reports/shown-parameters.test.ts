import { expect, it } from 'vitest';
import { shownParameters } from '../../../../entrypoint/reports/status/shown-parameters.ts';

it('parameters are shown, but not what may be a secret of the user', () => {
  const output = `smtpd_banner = $myhostname ESMTP
some_password = piyopiyo
virtual_alias_maps = inline:{a=b}
mydestination =
postconf: warning: something
`;
  const overrides = [
    { from: 'some_password', to: 'piyopiyo' },
    { from: 'virtual_alias_maps', to: 'inline:{a=b}' },
  ];
  expect(shownParameters(output, overrides)).toEqual([
    'smtpd_banner = $myhostname ESMTP',
    'some_password = ***',
    'virtual_alias_maps = ***',
    'mydestination =',
  ]);
});
