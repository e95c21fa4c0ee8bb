import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { HashedPassword } from '../../settings/facts.ts';

/** The result of a password check; `wait`: not checked, with the seconds until the next try. */
export type Judgement = 'right' | 'wrong' | { readonly waitSeconds: number };

const HASH_BYTES = 32;
/** As hashPassword of inputs/ has it. */
const COST = { N: 16_384, r: 8, p: 1 };

/** The first wrong passwords cost no pause; then it doubles. */
const FREE_ATTEMPTS = 3;
const LONGEST_PAUSE_SECONDS = 900;
/** Maximum number of remembered addresses; the one with the oldest failure is forgotten first. */
const MOST_ADDRESSES = 1_000;
/** A hash takes a processor and 16 MB for a moment, so further requests must wait. */
const MOST_AT_ONCE = 4;

interface Failures {
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Checks HTTP Basic logins (RFC 7617), and has an address that guesses wait longer and longer. */
export class Password {
  readonly #username: string;
  readonly #password: HashedPassword;
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();
  /** The last header that was right, as a keyed hash: each page would cost a scrypt otherwise. */
  readonly #key = randomBytes(HASH_BYTES);
  #right: Buffer | undefined;
  #atOnce = 0;

  /** @param now milliseconds since 1970 */
  constructor(username: string, password: HashedPassword, now: () => number) {
    this.#username = username;
    this.#password = password;
    this.#now = now;
  }

  /** @param header the Authorization header; absent or of another scheme, it is wrong without a pause */
  async judge(address: string, header: string | undefined): Promise<Judgement> {
    const [, credentials] = /^Basic +([A-Za-z0-9+/=]{1,1024})$/i.exec(header ?? '') ?? [];
    if (credentials === undefined) return 'wrong';
    const network = networkOf(address);
    const waitMs = (this.#failures.get(network)?.until ?? 0) - this.#now();
    if (waitMs > 0) return { waitSeconds: Math.ceil(waitMs / 1000) };
    const digest = this.#digest(credentials);
    if (this.#right !== undefined && timingSafeEqual(this.#right, digest)) return 'right';
    if (this.#atOnce >= MOST_AT_ONCE) return { waitSeconds: 1 };
    // It counts before it is known: many at once are no way around the pause.
    this.#fail(network);
    if (!(await this.#isRight(credentials))) return 'wrong';
    this.#failures.delete(network);
    this.#right = digest;
    return 'right';
  }

  async #isRight(credentials: string): Promise<boolean> {
    const text = Buffer.from(credentials, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const { salt, key } = this.#password;
    const wanted = Buffer.from(key, 'hex');
    this.#atOnce += 1;
    try {
      const given = await hashOf(text.slice(colon + 1), salt);
      const isUser = timingSafeEqual(
        this.#digest(text.slice(0, Math.max(0, colon))),
        this.#digest(this.#username),
      );
      return wanted.length === given.length && timingSafeEqual(given, wanted) && isUser;
    } finally {
      this.#atOnce -= 1;
    }
  }

  #digest(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }

  #fail(network: string): void {
    const count = (this.#failures.get(network)?.count ?? 0) + 1;
    const seconds =
      count < FREE_ATTEMPTS ? 0 : Math.min(2 ** (count - FREE_ATTEMPTS), LONGEST_PAUSE_SECONDS);
    this.#failures.delete(network);
    this.#failures.set(network, { count, until: this.#now() + seconds * 1000 });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST_ADDRESSES && oldest !== undefined) {
      this.#failures.delete(oldest);
    }
  }
}

const hashOf = (password: string, salt: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'hex'), HASH_BYTES, COST, (fault, hash) =>
      fault ? reject(fault) : resolve(hash),
    );
  });

/** The owner of one IPv6 address usually has 2^64 of them. */
function networkOf(address: string): string {
  const bytes = ipaddr.parse(address).toByteArray();
  return bytes.slice(0, bytes.length === 4 ? 4 : 8).join('.');
}
