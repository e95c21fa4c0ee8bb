import { error, type Finding, say, setting, warning } from '../finding.ts';
import { quoted } from '../problem.ts';
import type { RawSettings } from '../table.ts';
import { isMadeUp } from './made-up-names.ts';

/** What leaves has to be an address that the Internet knows, and senders have to be found. */
export function checkSendAs(raw: RawSettings): readonly Finding[] {
  const all = [
    { path: 'send_as', value: raw.send_as },
    ...raw.accounts.map((account, index) => ({
      path: `accounts.${index}.send_as`,
      value: account.send_as,
    })),
  ];
  const used = all.flatMap(({ path, value }) => (value === undefined ? [] : [{ path, value }]));
  const delimiter = raw.postfix.find(({ from }) => from === 'recipient_delimiter');
  if (used.length > 0 && delimiter !== undefined && !delimiter.to.includes('+')) {
    const wrong = say`recipient_delimiter lacks "+", which ${setting('send_as')} needs`;
    return [error('postfix', wrong, 'add it, or leave the parameter out')];
  }
  return used
    .filter(({ value }) => isMadeUp(value.slice(value.lastIndexOf('@') + 1).toLowerCase()))
    .map(({ path, value }) => {
      const wrong = `${quoted(value)} is an address at home: people on the Internet cannot reply to it`;
      return warning(path, wrong, 'give an address at your provider');
    });
}
