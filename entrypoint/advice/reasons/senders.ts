import { any, type Rule } from './rule.ts';

/** What servers have against a sender, and against the name of this relay. */
export const SENDERS: readonly Rule[] = [
  {
    trouble: 'helo',
    pattern: any(
      /helo command rejected/,
      /(invalid|bad) helo/,
      /(HELO|EHLO) argument/,
      /\b(HELO|EHLO)\b.*(does not resolve|not fully|not valid)/,
    ),
    cause: 'the server does not take the name by which this relay introduces itself (HELO)',
    remedy: (of) =>
      'set RELAY_MYHOSTNAME to a whole name, with a dot in it, that the DNS knows, such as that of ' +
      `your connection; with a login, on port 587 (${of('port')}), most servers do not ask for one`,
  },
  {
    trouble: 'permission',
    pattern: /not authorized to perform/i,
    cause: "the login is good, but the provider's rights do not let it send",
    remedy: (of) =>
      "at Amazon give the credentials' user the right ses:SendRawEmail for this sender, or make new " +
      `SMTP credentials there for ${of('username')} and ${of('password')}`,
  },
  {
    trouble: 'sender',
    pattern: /email address is not verified/i,
    cause: 'the provider does not know this address as one of the account (not verified)',
    remedy: () =>
      "verify the sender's address or its domain on the provider's web page (in the sandbox of Amazon " +
      'SES the recipient too), or rewrite it to one that is: ' +
      'RELAY_GENERIC=@made-up.name=me@provider.example',
  },
  {
    trouble: 'sender domain',
    pattern: any(
      /sender address rejected: (domain|need fully)/,
      /sender('s)? domain .*(exist|resolve|not found|valid(?!ated))/,
      /invalid sender domain/,
      /domain of sender address/,
      /domain name required for sender/,
      /sender verify failed/,
      /invalid DNS (MX|A)/,
      /bad sender address|invalid mail from/,
      /mailfrom failed|sender.*null MX|5\.5\.4 invalid domain|\b501 5\.1\.7\b/,
      /unresolvable \S* ?(from )?domain|sender address \S* ?is not a valid/,
    ),
    cause: "the sender's address or its domain does not exist on the Internet",
    remedy: () =>
      'rewrite made-up addresses to a real one: RELAY_GENERIC=@made-up.name=me@provider.example, ' +
      'or RELAY_MYORIGIN for mail from bare user names',
  },
  {
    trouble: 'sender',
    pattern: any(
      /not owned by/,
      /SendAsDenied/,
      /5\.7\.60\b/,
      /5\.2\.252/,
      /permissions? to send as/,
      /from address (is )?not (one of|verified|authori[sz]ed)/,
      /sender address (\S+ )?(is )?not (allowed|permitted)|not allowed to use (that|this) sender/,
      /sender address rejected: (?!.*(gr[ae]y|limit|too many|too fast|not logged in))/,
      /sending from .* (is )?not (permitted|allowed)|may not use this from|not in my domain/,
      /invalid sender|\bsender rejected\b|sender not authori[sz]ed|sender address invalid/,
      /mail from.* mismatch(?!es client)|aup#\S*15[02]0/,
      /does not match a verified sender/,
      /sender signature/,
      /relaying disallowed( as|\. invalid domain)/,
      /not allowed to send (mail |email )?(from|as)/,
      /not (authori[sz]ed|permitted) to (send|use)(?!.*directly).*(from|sender|address)/,
      /mail from (address )?must (be|equal)/,
      /domain (or address )?(is |has )?(unverified|not (been )?verified)/,
      /unconfigured sending domain/,
      /unregistered domain/,
    ),
    cause: 'the provider does not let this login send mail from that sender address',
    remedy: (of) =>
      "rewrite it to the account's own address (RELAY_GENERIC=@made-up.name=me@provider.example), " +
      `give that sender its own login (accounts), or log in as its owner (${of('username')})`,
  },
];
