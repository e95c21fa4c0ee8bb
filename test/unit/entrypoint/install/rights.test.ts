import { expect, it } from 'vitest';
import { missingRights } from '../../../../entrypoint/install/rights.ts';

const status = (user: number, capabilities: string): string =>
  `Name:\tnode\nUid:\t${user}\t${user}\t${user}\t${user}\nCapEff:\t${capabilities}\n`;

it('root with the three capabilities of compose.yaml lacks nothing', () => {
  expect(missingRights(status(0, '00000000000000c2'))).toBeUndefined();
});

it.each([
  ['00000000000000c0', 'DAC_OVERRIDE'],
  ['0000000000000082', 'SETGID'],
  ['0000000000000042', 'SETUID'],
])('with %s only, the capability that is missing is named', (capabilities, name) => {
  expect(missingRights(status(0, capabilities))).toBe(
    `this container lacks ${name}, which Postfix needs: give it --cap-add ${name} ` +
      '(in compose "cap_add:")',
  );
});

it('several are named together', () => {
  expect(missingRights(status(0, '0000000000000000'))).toContain(
    'give it --cap-add DAC_OVERRIDE --cap-add SETGID --cap-add SETUID',
  );
});

it('another user than root is told to leave that out', () => {
  expect(missingRights(status(1000, '0000000000000000'))).toMatch(/1000.*--user/);
});
