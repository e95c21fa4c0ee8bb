import { any, type Rule } from './rule.ts';

/** What is too much, too large or too early. */
export const LIMITS: readonly Rule[] = [
  {
    trouble: 'rate',
    pattern: any(
      /4\.7\.28/,
      /5\.4\.5/,
      /sending (limit|quota)|send limit|rate ?limit|rate (overlimit|exceeded)|limit of messages|submission rate|frequency limit|throttl|unusual rate/,
      /(e?mail|messages?|recipients?) limit (\w+ ){0,2}(exceeded|reached)/,
      /exceeded .*(per|this|an?) (minute|hour|day)\b/,
      /too many (messages(?! (on|in) the)|e?mails|connections|sessions|concurrent|recipients)/,
      /too (much mail (?!data)|quickly|fast|frequent)/,
      /slow down/,
      /concurrent (\w+ )?connections/,
      /thread limit exceeded/,
      /submission ?quota/,
      /(daily|hourly) (\w+ ){0,3}(limit|quota)/,
      /(messages|e?mails) (\w+ ){0,3}per (second|minute|hour|day)/,
      /receiving mail (at a rate|too)/,
      /(unexpected|excessive) volume/,
      /max\w* messages? per connection/,
      /TSS0[1-6]\b/,
      /aup#\S*1(3\d\d|4\d\d|5[4-8]0)|cx(cnct|mxrt|thrt)/,
      /\[GL01\]/,
      /relay limit|limit on the number of/,
      /server busy/,
      /message count quota|queue quota/,
    ),
    cause: 'the provider takes only so much mail in a given time',
    remedy: (of) =>
      'nothing at once: Postfix tries again by itself. If it lasts: look which machine sends so much ' +
      `(hikyaku queue), lower ${of('connections')}, or ask the provider for a higher limit`,
  },
  {
    trouble: 'mailbox full',
    pattern: any(
      /[45]\.2\.2\b/,
      /over ?quota/,
      /mailbox (\w+ ){0,3}full/,
      /out of storage/,
      /quota ?exceeded|exceeded .*quota|quota violation|too much mail data/,
      /qq trouble in home directory|too many messages (on|in) the|exhausted .*storage|insufficient storage for/,
    ),
    cause: "the recipient's mailbox is full",
    remedy: () => 'the recipient has to make room there; nothing to change here',
  },
  {
    trouble: 'size',
    pattern: any(
      /message size \d+ exceeds size limit/,
      /[45]\.3\.4\b/,
      /[45]\.2\.3\b(?!.*policy)/,
      /message (file )?(size )?(is )?(too (big|large|long)|exceeds)/,
      /exceed\w* .*(message )?size|message (is )?larger than/,
      /\b552\b.*size|taille limite du message|aup#\S*1530/,
    ),
    cause: 'the message is larger than the server takes',
    remedy: () =>
      'send large files another way; set RELAY_MESSAGE_SIZE to what "hikyaku doctor" says the server ' +
      'takes, so that a client is told at once',
  },
  {
    trouble: 'greylisting',
    pattern: any(
      /gr[ae]y-?list/,
      /try again in \d+ (seconds|minutes)|please retry in \d+/,
      // Postfix's postscreen and Mimecast, the first time that they see somebody.
      /4\.3\.2 service currently unavailable/,
      /internal resource temporarily unavailable/,
    ),
    cause: 'the server makes unknown senders wait (greylisting)',
    remedy: () => 'nothing: Postfix tries again by itself within half an hour',
  },
];
