import { describe, expect, test } from 'vitest';
import { admittedClients } from '../../../../entrypoint/settings/clients.ts';
import type { InterfaceAddress } from '../../../../entrypoint/settings/facts.ts';
import { covers, hostRange } from '../../../../entrypoint/settings/ranges.ts';
import { type Network, network } from '../../../../entrypoint/settings/validators/network.ts';
import { reading } from '../support/validate.ts';

/** `172.18.0.3/16` as an interface has it. */
const at = (text: string): InterfaceAddress => {
  const [address = '', prefix] = text.split('/');
  return { address, prefix: Number(prefix) };
};

/** What a user names in RELAY_NETWORKS; all of it is right here. */
const named = (...texts: readonly string[]) =>
  texts.map((text) => reading(network(), text) as Network);

interface Place {
  readonly networks: readonly string[];
  readonly trustGateway?: boolean;
  readonly interfaces: readonly string[];
  readonly gateways?: readonly string[];
}

/** Who may send, loopback left out: it is always among them. */
const admitted = ({ networks, trustGateway = false, interfaces, gateways = [] }: Place) => {
  const clients = admittedClients(named(...networks), trustGateway, interfaces.map(at), gateways);
  expect(clients.ranges.slice(0, 2)).toEqual(['127.0.0.0/8', '::1/128']);
  return { ranges: clients.ranges.slice(2), gateways: clients.gateways };
};

const DOCKER = { interfaces: ['172.18.0.3/16'], gateways: ['172.18.0.1'] };

describe('attached', () => {
  test.each([
    [
      'the network of the interface without its ends, one of which is its gateway',
      DOCKER,
      ['172.18.0.0/16'],
      ['172.18.0.1', '172.18.255.254'],
    ],
    [
      'neither end, where the routing table names another gateway',
      { interfaces: ['172.18.0.3/16'], gateways: ['172.18.0.254'] },
      ['172.18.0.0/16'],
      ['172.18.0.254', '172.18.0.1', '172.18.255.254'],
    ],
    [
      'every network, each without its first and its last address',
      { interfaces: ['172.18.0.3/16', '10.9.8.7/24'], gateways: ['172.18.0.1'] },
      ['172.18.0.0/16', '10.9.8.0/24'],
      ['172.18.0.1', '10.9.8.1', '172.18.255.254', '10.9.8.254'],
    ],
    [
      'networks of IPv6',
      { interfaces: ['fd00:1::3/64'], gateways: ['fd00:0001:0000:0000:0000:0000:0000:0001'] },
      ['fd00:1::/64'],
      ['fd00:1::1', 'fd00:1::ffff:ffff:ffff:ffff'],
    ],
    [
      'no link-local addresses, which every interface has',
      { interfaces: ['172.18.0.3/16', 'fe80::42/64'], gateways: ['fe80::1'] },
      ['172.18.0.0/16'],
      ['172.18.0.1', '172.18.255.254'],
    ],
    [
      'a network whose first address is the container',
      { interfaces: ['172.18.0.1/16'], gateways: [] },
      ['172.18.0.0/16'],
      ['172.18.255.254'],
    ],
    [
      'a small network whose first address is not .1',
      { interfaces: ['192.168.1.18/28'], gateways: [] },
      ['192.168.1.16/28'],
      ['192.168.1.17', '192.168.1.30'],
    ],
    [
      'the other end of a point-to-point link',
      { interfaces: ['10.0.0.0/31'] },
      ['10.0.0.0/31'],
      ['10.0.0.1'],
    ],
    ['nobody else on a network of one', { interfaces: ['10.0.0.4/32'] }, ['10.0.0.4/32'], []],
    ['nobody without an interface', { interfaces: [] }, [], []],
    [
      'no gateway that lies outside',
      { interfaces: ['172.18.0.3/16'], gateways: ['10.0.0.1'] },
      ['172.18.0.0/16'],
      ['172.18.0.1', '172.18.255.254'],
    ],
  ])('admits %s', (_, place, ranges, gateways) => {
    expect(admitted({ networks: ['attached'], ...place })).toEqual({ ranges, gateways });
  });

  test('admits the gateway when it is to be trusted', () => {
    expect(admitted({ networks: ['attached'], trustGateway: true, ...DOCKER })).toEqual({
      ranges: ['172.18.0.0/16'],
      gateways: [],
    });
  });
});

describe('host', () => {
  test('admits loopback alone', () => {
    const interfaces = ['172.18.0.3/16', 'fd00:1::3/64'];
    expect(admitted({ networks: ['host'], interfaces, gateways: ['172.18.0.1'] })).toEqual({
      ranges: [],
      gateways: [],
    });
  });
});

describe('a range', () => {
  test.each([
    ['192.168.1.0/24', ['192.168.1.0/24'], []],
    ['192.168.1.10', ['192.168.1.10/32'], []],
    ['2001:db8::/64', ['2001:db8::/64'], []],
    // The user who names a whole range cannot know which address in it is Docker's.
    ['172.16.0.0/12', ['172.16.0.0/12'], ['172.18.0.1', '172.18.255.254']],
    ['172.18.0.1', ['172.18.0.1/32'], []],
    ['172.18.255.254', ['172.18.255.254/32'], []],
  ])('%s admits %j but not %j', (range, ranges, gateways) => {
    expect(admitted({ networks: [range], ...DOCKER })).toEqual({ ranges, gateways });
  });

  test('that is named twice stands there once', () => {
    expect(admitted({ networks: ['attached', '172.18.0.0/16'], ...DOCKER }).ranges).toEqual([
      '172.18.0.0/16',
    ]);
  });

  test('that names the gateway itself admits it, beside attached', () => {
    expect(admitted({ networks: ['attached', '172.18.0.1'], ...DOCKER })).toEqual({
      ranges: ['172.18.0.0/16', '172.18.0.1/32'],
      gateways: ['172.18.255.254'],
    });
  });

  test('none: nobody', () => {
    expect(admitted({ networks: [], ...DOCKER })).toEqual({ ranges: [], gateways: [] });
  });
});

describe('the gateway of an attached network, where other networks are named', () => {
  const clientsOf = (networks: readonly string[], trustGateway: boolean) =>
    admittedClients(named(...networks), trustGateway, DOCKER.interfaces.map(at), [
      ...DOCKER.gateways,
      '10.9.9.9',
    ]);

  test.each([[['192.168.1.0/24']], [['host']], [[]]])(
    'is known for %j, to be told why',
    (given) => {
      const { gateways, outerGateways, ranges } = clientsOf(given, false);
      expect(gateways).toEqual([]);
      expect(outerGateways).toEqual(['172.18.0.1', '172.18.255.254']);
      expect(ranges).not.toContain('172.18.0.1/32');
    },
  );

  test.each([[['172.18.0.0/16']], [['192.168.1.0/24', '172.16.0.0/12']]])(
    'is left out of %j, as it is of attached',
    (given) => {
      expect(clientsOf(given, false)).toMatchObject({
        gateways: ['172.18.0.1', '172.18.255.254'],
        outerGateways: [],
      });
    },
  );

  test('may send when it is trusted', () => {
    expect(clientsOf(['192.168.1.0/24'], true)).toMatchObject({
      ranges: [
        ...['127.0.0.0/8', '::1/128', '192.168.1.0/24'],
        ...['172.18.0.1/32', '172.18.255.254/32', '172.18.0.3/32'],
      ],
      gateways: [],
      outerGateways: [],
    });
  });

  test('is left out where a range holds it that the relay is not attached to', () => {
    expect(clientsOf(['10.0.0.0/8'], false).gateways).toEqual(['10.9.9.9']);
  });
});

describe('an address', () => {
  test.each([
    ['172.18.0.0/16', '172.18.255.255', true],
    ['172.18.0.0/16', '172.19.0.0', false],
    ['fd00::/64', 'fd00::1', true],
    ['fd00::/64', '172.18.0.1', false],
    ['0.0.0.0/1', '::1', false],
  ])('lies in %s: %s %s', (range, address, expected) => {
    expect(covers(range, hostRange(address))).toBe(expected);
  });
});

describe('the ingress network of a swarm', () => {
  const overlay = at('10.0.1.5/24');
  const ingress = { ...at('10.0.0.7/24'), isIngress: true };
  const bridge = { ...at('172.19.0.3/16'), isIngress: true };
  const INTERFACES = [ingress, bridge, overlay];

  const inSwarm = (networks: readonly string[], trustGateway = false) => {
    const clients = admittedClients(named(...networks), trustGateway, INTERFACES, ['172.19.0.1']);
    return { ...clients, ranges: clients.ranges.slice(2) };
  };

  test('is attached, and may not send', () => {
    expect(inSwarm(['attached'])).toEqual({
      ranges: ['10.0.1.0/24'],
      gateways: ['10.0.1.1', '10.0.1.254'],
      trustsGateway: false,
      outerGateways: ['172.19.0.1', '10.0.0.1', '10.0.0.254', '172.19.255.254'],
      own: ['10.0.0.7', '172.19.0.3', '10.0.1.5'],
      ingress: ['10.0.0.0/24', '172.19.0.0/16'],
      excluded: [],
    });
  });

  test('may send where the gateway is trusted', () => {
    expect(inSwarm(['attached'], true)).toMatchObject({
      ranges: ['10.0.0.0/24', '172.19.0.0/16', '10.0.1.0/24'],
      gateways: [],
      ingress: [],
    });
  });

  test('may not send because it lies in a range that is named', () => {
    expect(inSwarm(['10.0.0.0/8'])).toMatchObject({
      ranges: ['10.0.0.0/8'],
      ingress: ['10.0.0.0/24'],
    });
  });

  test('may send when it is named itself', () => {
    expect(inSwarm(['attached', '10.0.0.0/24'])).toMatchObject({
      ranges: ['10.0.1.0/24', '10.0.0.0/24'],
      ingress: ['172.19.0.0/16'],
    });
  });

  test('says nothing of itself where nobody asked for it', () => {
    expect(inSwarm(['192.168.1.0/24']).ingress).toEqual([]);
  });
});

test('what is left out with "!" is kept for Postfix to leave out', () => {
  const networks = named('attached', '!172.18.0.9');
  const interfaces = [at('172.18.0.3/16')];
  expect(admittedClients(networks, false, interfaces, [])).toMatchObject({
    ranges: ['127.0.0.0/8', '::1/128', '172.18.0.0/16'],
    excluded: ['172.18.0.9/32'],
  });
});

describe("the container's own addresses", () => {
  const INTERFACES = ['172.18.0.3/16', 'fd00:1::3/64', 'fe80::42/64'];
  const ownOf = (networks: readonly string[], trustGateway = false) =>
    admittedClients(named(...networks), trustGateway, INTERFACES.map(at), []).own;

  test.each([[['attached']], [['host']], [['192.168.1.0/24']], [['172.16.0.0/12', 'fd00::/8']]])(
    'may not send under %j: a port forwarder brings everybody under one of them',
    (networks) => {
      expect(ownOf(networks)).toEqual(['172.18.0.3', 'fd00:1::3']);
    },
  );

  test('of the link count where a range holds them', () => {
    expect(ownOf(['fe80::/10'])).toContain('fe80::42');
  });

  test.each([['172.18.0.3'], ['fd00:1::3']])('may send when named themselves: %s', (address) => {
    expect(ownOf(['attached', address])).not.toContain(address);
  });

  test('may send where the gateway is trusted, with "host" too', () => {
    const clients = admittedClients(named('host'), true, INTERFACES.map(at), []);
    expect(clients.own).toEqual([]);
    expect(clients.ranges).toEqual(expect.arrayContaining(['172.18.0.3/32', 'fd00:1::3/128']));
  });
});
