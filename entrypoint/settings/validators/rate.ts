import { isNearMiss } from '../may-be-shown.ts';
import { notA, validator } from './invalid.ts';

/** So many messages in so many seconds. */
export interface Rate {
  readonly messages: number;
  readonly seconds: number;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** A rate such as 30/m, 500/h or 2000/d; `/min`, `/minute` and the like are taken too. */
export const rateLimit = validator<Rate>((text) => {
  const parts = /^(\d{1,7})\s*\/\s*(s|sec|second|m|min|minute|h|hour|d|day)s?$/i.exec(text);
  const messages = Number(parts?.[1] ?? 0);
  const seconds = SECONDS[parts?.[2]?.[0]?.toLowerCase() ?? ''];
  if (seconds !== undefined && messages >= 1) return { messages, seconds };
  const right = 'use a number and a unit of time, such as 30/m or 500/h';
  throw notA(text, 'a rate', right, isNearMiss(text));
});
