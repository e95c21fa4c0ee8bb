import { expect, it } from 'vitest';
import { closedPorts } from '../../../../entrypoint/install/ports.ts';

const WITHOUT = 'Name:\tnode\nCapEff:\t00000000000000c2\n';
const WITH = 'Name:\tnode\nCapEff:\t00000000000004c2\n';

it.each([
  ['where every port is free', [25, 587], '0\n', WITHOUT],
  ['with the capability NET_BIND_SERVICE', [25, 587], '1024\n', WITH],
  ['on a high port', [2525], '1024\n', WITHOUT],
])('a relay may listen %s', (_name, ports, firstFree, status) => {
  expect(closedPorts(ports, firstFree, status)).toBeUndefined();
});

it('ports that may not be opened are named, with what would open them', () => {
  expect(closedPorts([25, 587, 2525], '1024\n', WITHOUT)).toMatch(
    /25 .*587.*ip_unprivileged_port_start=0.*NET_BIND_SERVICE.*RELAY_LISTEN/,
  );
});
