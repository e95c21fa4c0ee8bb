import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Mechanism } from '../postfix/mechanisms.ts';
import type { Login } from '../settings/settings.ts';

/**
 * The client's half of a login. Each step yields what to say and gets the server's next challenge;
 * both are plain text, base64 is put on outside. The first yield is the initial response: undefined
 * where the server speaks first.
 */
export type Exchange = Generator<string | undefined, undefined, string>;

/** The context of an exchange, besides the login. */
export interface Peer {
  readonly host: string;
  /** A client's random text, never used twice. */
  readonly nonce: string;
}

export const newNonce = (): string => randomBytes(18).toString('base64');

/** The exchanges that can be spoken here. NTLM has no public specification, and stays untried. */
export const EXCHANGES: Readonly<
  Partial<Record<Mechanism, (login: Login, peer: Peer) => Exchange>>
> = {
  XOAUTH2: xoauth2,
  OAUTHBEARER: oauthbearer,
  'SCRAM-SHA-512': scram('sha512'),
  'SCRAM-SHA-384': scram('sha384'),
  'SCRAM-SHA-256': scram('sha256'),
  'SCRAM-SHA-224': scram('sha224'),
  'SCRAM-SHA-1': scram('sha1'),
  'DIGEST-MD5': digestMd5,
  'CRAM-MD5': cramMd5,
  PLAIN: plain,
  LOGIN: login,
};

/** developers.google.com, "XOAUTH2 Mechanism": the client answers a reason with an empty line. */
function* xoauth2({ username, password: token }: Login): Exchange {
  yield `user=${username}\x01auth=Bearer ${token}\x01\x01`;
  yield '';
}

/** RFC 7628: a reason is acknowledged by one separator. */
function* oauthbearer({ username, password: token }: Login, { host }: Peer): Exchange {
  const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  yield `n,a=${name},\x01host=${host}\x01auth=Bearer ${token}\x01\x01`;
  yield '\x01';
}

/** RFC 4616. */
function* plain({ username, password }: Login): Exchange {
  yield `\0${username}\0${password}`;
}

/** draft-murchison-sasl-login. */
function* login({ username, password }: Login): Exchange {
  yield undefined;
  yield username;
  yield password;
}

/** RFC 2195. */
function* cramMd5({ username, password }: Login): Exchange {
  const challenge = yield undefined;
  yield `${username} ${createHmac('md5', password).update(challenge).digest('hex')}`;
}

/** RFC 2831, with "auth" as the quality of protection. */
function* digestMd5({ username, password }: Login, { host, nonce: cnonce }: Peer): Exchange {
  const challenge = yield undefined;
  const [realm = host, nonce = ''] = ['realm', 'nonce'].map(
    (name) => new RegExp(`(?:^|[,\\s])${name}="([^"]*)"`).exec(challenge)?.[1],
  );
  const md5 = (...parts: readonly (string | Buffer)[]): Buffer => {
    const hash = createHash('md5');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const uri = `smtp/${host}`;
  const secret = md5(md5(`${username}:${realm}:${password}`), `:${nonce}:${cnonce}`);
  const tail = `:${nonce}:00000001:${cnonce}:auth:`;
  const response = md5(
    secret.toString('hex'),
    tail,
    md5(`AUTHENTICATE:${uri}`).toString('hex'),
  ).toString('hex');
  yield `charset=utf-8,username="${username}",realm="${realm}",nonce="${nonce}",nc=00000001,` +
    `cnonce="${cnonce}",digest-uri="${uri}",response=${response},qop=auth`;
  // The server proves itself (rspauth) and expects an empty answer.
  yield '';
}

/** RFC 5802 and RFC 7677, without channel binding, as Postfix uses it. */
function scram(hash: string) {
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  return function* ({ username, password }: Login, { nonce }: Peer): Exchange {
    const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
    const first = `n=${name},r=${nonce}`;
    const challenge = yield `n,,${first}`;
    const [, joint = '', salt = '', rounds = ''] =
      /^r=([^,]+),s=([^,]+),i=(\d+)/.exec(challenge) ?? [];
    if (!joint.startsWith(nonce) || Number(rounds) > MOST_ROUNDS) return;
    const length = createHash(hash).digest().length;
    const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(rounds), length, hash);
    const key = hmac(salted, 'Client Key');
    const end = `c=biws,r=${joint}`;
    const signature = hmac(createHash(hash).update(key).digest(), `${first},${challenge},${end}`);
    const proof = Buffer.from(key.map((byte, at) => byte ^ (signature[at] ?? 0)));
    yield `${end},p=${proof.toString('base64')}`;
    // The server proves itself in turn, and expects an empty answer.
    yield '';
  };
}

/** A server that asks for more only wastes time: 4096 is usual, some take 100,000. */
const MOST_ROUNDS = 1_000_000;
