import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFaultRules } from '../../support/provider/fault-rules.ts';
import { addressMatches, Faults } from '../../support/provider/faults.ts';
import { seededRandom } from '../../support/provider/random.ts';

const FACTS = {
  listener: 587,
  username: 'hoge',
  from: 'hoge@foo.bar.example',
  to: ['a@example.com', 'b@example.org'],
};

function strikes(faults: Faults, times: number): number {
  return Array.from({ length: times }, () => faults.strike('mail', FACTS)).filter(Boolean).length;
}

describe('a rule', () => {
  it('strikes at its own step alone', () => {
    const faults = new Faults();
    faults.set([{ at: 'mail', action: 'close' }]);
    expect(faults.strike('rcpt', FACTS)).toBeUndefined();
    expect(faults.strike('mail', FACTS)).toMatchObject({ action: 'close' });
  });

  it('strikes as often as it says', () => {
    const faults = new Faults();
    faults.set([{ at: 'mail', action: 'close', times: 2 }]);
    expect(strikes(faults, 5)).toBe(2);
    expect(faults.state()).toEqual([{ at: 'mail', action: 'close', times: 2, struck: 2 }]);
  });

  it.each([
    [{ from: 'HOGE@foo.bar.example' }, true],
    [{ from: '@foo.bar.example' }, true],
    [{ from: '@bar.com' }, false],
    [{ to: '@example.org' }, true],
    [{ to: 'c@example.com' }, false],
    [{ username: 'hoge' }, true],
    [{ username: 'piyo' }, false],
    [{ listener: 587, username: 'hoge' }, true],
    [{ listener: 465, username: 'hoge' }, false],
  ])('that is meant for %j strikes: %s', (match, expected) => {
    const faults = new Faults();
    faults.set([{ at: 'mail', action: 'close', match }]);
    expect(faults.strike('mail', FACTS) !== undefined).toBe(expected);
  });

  it('with a probability strikes about so often, and the same with the same seed', () => {
    const run = (seed: number) => {
      const faults = new Faults();
      faults.set([{ at: 'mail', action: 'close', probability: 0.2, seed }]);
      return strikes(faults, 1000);
    };
    expect(run(7)).toBe(run(7));
    expect(run(7)).toBeGreaterThan(150);
    expect(run(7)).toBeLessThan(250);
  });
});

it('random numbers are in [0, 1), whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const next = seededRandom(seed);
      for (let i = 0; i < 20; i += 1) {
        const number = next();
        expect(number).toBeGreaterThanOrEqual(0);
        expect(number).toBeLessThan(1);
      }
    }),
  );
});

it('a domain pattern does not match a longer domain', () => {
  expect(addressMatches('@example.com', 'a@sub.example.com')).toBe(false);
});

describe('the body of PUT /faults', () => {
  it.each([
    ['{}', 'expected a list of rules'],
    ['[1]', 'rule 0: not an object'],
    ['[{"action": "close"}]', 'rule 0: at is missing'],
    ['[{"at": "mail"}]', 'rule 0: one of reply, action, delay_ms is needed'],
    ['[{"at": "mail", "reply": "try later"}]', 'rule 0: reply cannot be "try later"'],
    [
      '[{"at": "body", "reply": "451 no"}]',
      'rule 0: no reply can be sent in the middle of a message',
    ],
    ['[{"at": "mail", "action": "close", "sed": 1}]', 'rule 0: sed is not known'],
    [
      '[{"at": "mail", "action": "close", "match": {"form": "a"}}]',
      'rule 0: match cannot be {"form":"a"}',
    ],
    ['[{"at": "mail", "delay_ms": 5, "keep": true}]', 'rule 0: keep needs a reply or an action'],
  ])('%s: %s', (json, problem) => {
    expect(() => parseFaultRules(json)).toThrow(problem);
  });

  it('can be a good list', () => {
    const rules = [
      { at: 'rcpt', reply: '451 4.7.1 later', probability: 0.5, match: { to: '@a.example' } },
    ];
    expect(parseFaultRules(JSON.stringify(rules))).toEqual(rules);
  });
});
