import type { Rule } from './rule.ts';

/** Here, or at the server. */
export const FULL_DISK: Rule = {
  trouble: 'disk',
  pattern: /Insufficient system (storage|resources)|queue file write error|No space left/i,
  cause: 'the disk with the queue is full',
  remedy: () => "make room on the volume of /var/spool/postfix, or on the recipient server's disk",
};

/** What is wrong with this relay itself. */
export const INSIDE: readonly Rule[] = [
  {
    trouble: 'tables',
    pattern: /address resolver failure|lookup error|map lookup problem|(mysql|pgsql|sqlite):/i,
    cause: 'a table or the database of accounts cannot be read',
    remedy: () =>
      'check that the database runs and lets this relay in (RELAY_DATABASE_HOSTS, ' +
      'RELAY_DATABASE_USER, RELAY_DATABASE_PASSWORD); "hikyaku doctor" says which table it is',
  },
  {
    trouble: 'mailbox',
    pattern: /delivery failed to mailbox|maildir delivery failed|cannot update mailbox/i,
    cause: 'the mail cannot be put into the mailbox here',
    remedy: () => 'check that /var/mail is a volume that can be written, and has room',
  },
  {
    trouble: 'service',
    pattern:
      /mail transport unavailable|unknown mail transport error|configuration (error|problem)|trace service failure|local data error/i,
    cause: 'a part of Postfix does not work',
    remedy: () => 'look in the container\'s log for the line with "fatal" or "warning" before it',
  },
  {
    trouble: 'paused',
    pattern: /^deferred transport/i,
    cause: 'delivery is switched off in the settings (defer_transports)',
    remedy: () => 'take POSTFIX_defer_transports away, and then "hikyaku queue retry"',
  },
];
