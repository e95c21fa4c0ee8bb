import type { Facts } from '../../facts.ts';
import { error, type Finding, warning } from '../../naming/finding.ts';
import { type Given, isGiven } from '../../naming/given.ts';
import { findPreset } from '../../providers.ts';
import { DEFAULT_SIZE } from '../../settings.ts';
import type { RawSettings } from '../../table.ts';

/** Smaller than any mail with an attachment, so the unit is probably missing. */
const LEAST = 10 * 1024;

const MIB = 1024 * 1024;

/** A size that lets no mail through, or more than the provider takes. */
export function checkSizes({ message_size: size, relay }: RawSettings, given: Given): Finding[] {
  if (size === undefined || !isGiven(given, 'message_size')) return [];
  const where = 'message_size';
  if (size < LEAST) {
    const wrong = `${size} bytes is less than a mail needs`;
    return [error(where, wrong, `give a unit too, such as ${size < 1000 ? size : 25}MB`)];
  }
  const preset = findPreset(relay.provider);
  const most = preset?.messageSize;
  if (preset === undefined || most === undefined || size <= most) return [];
  const wrong = `is more than ${preset.name} takes (${Math.floor(most / MIB)}MB): larger mail would come back`;
  return [warning(where, wrong, "leave it out: the provider's own limit holds then")];
}

/** Postfix takes no mail unless half as much again as the largest is free (smtpd_check.c). */
const ROOM = 1.5;

/** More than any disk of a queue holds; what the container cannot know is judged by this. */
const MOST = 1000 * 1024 ** 3;

/** A size for which the disk of the queue never has room: Postfix would answer 452 to everybody. */
export function checkQueueSpace(
  { message_size: size = DEFAULT_SIZE }: RawSettings,
  { queueSpace = MOST * ROOM }: Facts,
): Finding[] {
  if (size * ROOM <= queueSpace) return [];
  const where = 'message_size';
  const most = Math.floor(queueSpace / ROOM / MIB);
  const wrong = `the disk of the queue is too small for messages of ${Math.ceil(size / MIB)}MB: all mail would be deferred`;
  return [error(where, wrong, `give ${most}MB at most, or the queue more room`)];
}

/** Postfix paces deliveries by whole seconds (default_transport_rate_delay in postconf(5)). */
export function checkRate({ rate: { total } }: RawSettings): readonly Finding[] {
  if (total === undefined || total.messages <= total.seconds) return [];
  const wrong = 'is more than one message a second, which cannot be paced';
  return [error('rate.total', wrong, 'use 60/m at most, or leave it out')];
}
