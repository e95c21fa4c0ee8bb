import { ACTIONS, type FaultRule, STEPS } from './api.ts';

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === 'number' && value >= 0;
const isString: Check = (value) => typeof value === 'string';

const RULE: Readonly<Record<keyof FaultRule, Check>> = {
  at: (value) => STEPS.some((step) => step === value),
  reply: (value) => typeof value === 'string' && /^[45]\d\d \S/.test(value),
  action: (value) => ACTIONS.some((action) => action === value),
  delay_ms: isNumber,
  times: isNumber,
  probability: (value) => isNumber(value) && Number(value) <= 1,
  seed: isNumber,
  after_bytes: isNumber,
  keep: (value) => typeof value === 'boolean',
  match: (value) => isObject(value) && problems(value, MATCH).length === 0,
};

const MATCH: Readonly<Record<keyof NonNullable<FaultRule['match']>, Check>> = {
  from: isString,
  to: isString,
  username: isString,
  listener: isNumber,
};

/**
 * Reads the body of `PUT /faults`.
 *
 * @throws Error that lists what is wrong with every rule: a rule that silently never strikes
 * would make a test pass for the wrong reason
 */
export function parseFaultRules(json: string): FaultRule[] {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list)) throw new Error('expected a list of rules');
  const wrong = list.flatMap((rule: unknown, index) =>
    ruleProblems(rule).map((problem) => `rule ${index}: ${problem}`),
  );
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return list;
}

function ruleProblems(rule: unknown): string[] {
  if (!isObject(rule)) return ['not an object'];
  const wrong = problems(rule, RULE);
  if (!('at' in rule)) wrong.push('at is missing');
  if (!('reply' in rule || 'action' in rule || 'delay_ms' in rule)) {
    wrong.push('one of reply, action, delay_ms is needed');
  }
  if (rule['keep'] === true && !('reply' in rule || 'action' in rule)) {
    wrong.push('keep needs a reply or an action');
  }
  if (rule['at'] === 'body' && 'reply' in rule) {
    wrong.push('no reply can be sent in the middle of a message');
  }
  return wrong;
}

function problems(value: object, checks: Readonly<Record<string, Check>>): string[] {
  return Object.entries(value).flatMap(([key, part]) => {
    const check = checks[key];
    if (check === undefined) return [`${key} is not known`];
    return check(part) ? [] : [`${key} cannot be ${JSON.stringify(part)}`];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
