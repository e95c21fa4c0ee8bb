import { startReady, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

const NAME = 'login.isp.example';
const CONTROL = 8080;

/** A token request, as the endpoint saw it. */
export interface TokenRequest {
  readonly grant: string;
  /** `token`, or the error. */
  readonly outcome: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The token endpoint, seen from a test. */
export class Oidc implements AsyncDisposable {
  readonly container: TestContainer;
  readonly tokenEndpoint = `https://${NAME}/token`;
  /** The address at which a mail server checks a token. */
  readonly introspection =
    `http://mail-server:the-secret-of-the-mail-server@${NAME}:${CONTROL}/token/introspection`;
  /** The token endpoint for service accounts. */
  readonly serviceAccounts = `https://${NAME}/service-account/token`;
  readonly caPem: string;
  readonly #base: string;

  constructor(container: TestContainer, caPem: string) {
    const { host, port } = container.hostAddress(CONTROL);
    this.container = container;
    this.#base = `http://${host}:${port}`;
    this.caPem = caPem;
  }

  /** A refresh token of a new grant, as a login by a browser would bring it. */
  async grant(account: string): Promise<string> {
    const answer = await this.#control<{ refresh_token: string }>(`grant?account=${account}`);
    return answer.refresh_token;
  }

  /** Ends every grant. */
  revoke(): Promise<unknown> {
    return this.#control('revoke');
  }

  /** Whether a refresh token that was replaced ends its grant when it is used again. */
  beStrict(isStrict: boolean): Promise<unknown> {
    return this.#control(`strict?on=${isStrict ? 'yes' : 'no'}`);
  }

  /** The user at the browser; without one every login is declined. */
  sitDown(account: string): Promise<unknown> {
    return this.#control(`user?account=${account}`);
  }

  /** How long a code for a device is good. */
  endCodesAfter(seconds: number): Promise<unknown> {
    return this.#control(`code?seconds=${seconds}`);
  }

  /** The certificate and the key of the application and of the service account, in PEM form. */
  async appKeyPair(): Promise<{ readonly certificate: string; readonly key: string }> {
    const [certificate, key] = await Promise.all(
      ['/tmp/app.pem', '/tmp/app.key'].map((path) => this.container.run(['cat', path])),
    );
    return { certificate: certificate ?? '', key: key ?? '' };
  }

  /** Opens an address in a browser, and goes through all that it shows. @returns where it ends */
  async browse(address: string): Promise<string> {
    const browser =
      'NODE_EXTRA_CA_CERTS=/authority/ca.pem exec node test/support/oidc/browser.ts "$0"';
    return (await this.container.run(['sh', '-c', browser, address])).trim();
  }

  /** Token requests are answered with this status; 0: they are served again. */
  fail(status: number): Promise<unknown> {
    return this.#control(`fault?status=${status}`);
  }

  requests(): Promise<readonly TokenRequest[]> {
    return this.#control('requests');
  }

  async #control<T>(what: string): Promise<T> {
    const response = await fetch(`${this.#base}/test/${what}`, { method: 'POST' });
    return (await response.json()) as T;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.container[Symbol.asyncDispose]();
  }
}

/** @param seconds how long its tokens live */
export async function startOidc(network: TestNetwork, seconds: number): Promise<Oidc> {
  const container = await startReady(
    {
      image: IMAGES.oidc,
      network,
      aliases: [NAME],
      env: { OIDC_NAME: NAME, OIDC_TOKEN_SECONDS: String(seconds) },
      exposedPorts: [CONTROL],
    },
    /ready/,
  );
  return new Oidc(container, await container.run(['cat', '/authority/ca.pem']));
}
