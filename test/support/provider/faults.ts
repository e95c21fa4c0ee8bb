import type { FaultRule, FaultState, Step } from './api.ts';
import { seededRandom } from './random.ts';

/** The known facts of a session at a step. */
export interface StepFacts {
  readonly listener: number;
  readonly username: string | null;
  readonly from: string | null;
  readonly to: readonly string[];
}

interface ArmedRule {
  readonly rule: FaultRule;
  readonly draw: () => number;
  struck: number;
}

/** The rules in force. Each keeps its own count and its own random numbers. */
export class Faults {
  #armed: readonly ArmedRule[] = [];

  set(rules: readonly FaultRule[]): void {
    this.#armed = rules.map((rule, index) => ({
      rule,
      draw: seededRandom(rule.seed ?? index + 1),
      struck: 0,
    }));
  }

  /** The first rule that applies at this step, counted as struck; undefined lets the step pass. */
  strike(step: Step, facts: StepFacts): FaultRule | undefined {
    const armed = this.#armed.find((candidate) => applies(candidate, step, facts));
    if (armed !== undefined) armed.struck += 1;
    return armed?.rule;
  }

  state(): FaultState[] {
    return this.#armed.map(({ rule, struck }) => ({ ...rule, struck }));
  }
}

function applies({ rule, draw, struck }: ArmedRule, step: Step, facts: StepFacts): boolean {
  if (rule.at !== step) return false;
  if (struck >= (rule.times ?? Number.POSITIVE_INFINITY)) return false;
  if (!matches(rule, facts)) return false;
  return rule.probability === undefined || draw() < rule.probability;
}

function matches({ match }: FaultRule, facts: StepFacts): boolean {
  if (match === undefined) return true;
  const { from, to, username, listener } = match;
  return (
    (from === undefined || (facts.from !== null && addressMatches(from, facts.from))) &&
    (to === undefined || facts.to.some((address) => addressMatches(to, address))) &&
    (username === undefined || username === facts.username) &&
    (listener === undefined || listener === facts.listener)
  );
}

/** `user@example.com` matches itself, `@example.com` every address of the domain. */
export function addressMatches(pattern: string, address: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), address.toLowerCase()];
  return wanted.startsWith('@') ? given.endsWith(wanted) : given === wanted;
}
