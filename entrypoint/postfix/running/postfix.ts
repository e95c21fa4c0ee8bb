import type { Origin } from '../address-lookup.ts';
import { type Value, valuesInForce } from './ask-parameters.ts';
import type { Resolver } from './resolver.ts';

/** The running Postfix, as far as an explanation asks it. */
export interface Postfix {
  readonly value: Value;
  readonly resolver: Resolver;
  readonly origin: Origin;
}

/** Reads the configuration in force. @param resolver the running one */
export async function postfixInForce(resolver: Resolver): Promise<Postfix> {
  const value = await valuesInForce();
  const origin = { myorigin: value('myorigin'), delimiter: value('recipient_delimiter') };
  return { value, resolver, origin };
}
