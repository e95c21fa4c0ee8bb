/**
 * The token endpoint of the tests: oidc-provider, by HTTPS on port 443 for relays, by HTTP on 8080
 * for the mail server that checks tokens and for the test itself.
 *
 * OIDC_NAME: its name on the network; OIDC_TOKEN_SECONDS: how long a token lives.
 *
 * A certificate and its key lie in /tmp/app.pem and /tmp/app.key: they vouch for the client
 * "certificate-client" (RFC 7523 section 2.2), and for the assertions of the service account
 * "sa@project.example" (section 2.1), which oidc-provider has no grant for: they ask at /service-account/token.
 *
 * What a test asks for, beside what oidc-provider answers:
 *   POST /test/grant?account=A   a refresh token, as a login by a browser would bring it
 *   POST /test/revoke            every grant ends
 *   POST /test/strict?on=yes     a refresh token that was replaced is refused, and ends its grant
 *   POST /test/fault?status=S    token requests are answered so; 0: no more
 *   GET  /test/requests          every token request: grant, outcome, time
 *   POST /test/user?account=A    who sits at the browser (browser.ts); nobody: the login is declined
 *   POST /test/code?seconds=S    how long a code for a device is good
 */
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { jwtVerify } from 'jose';
import Provider from 'oidc-provider';

const name = process.env['OIDC_NAME'] ?? 'login.isp.example';
const seconds = Number(process.env['OIDC_TOKEN_SECONDS'] ?? '30');

execFileSync('openssl', [
  ...['req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-days', '30', '-subj', '/CN=relay'],
  ...['-keyout', '/tmp/app.key', '-out', '/tmp/app.pem'],
]);
const appKey = createPublicKey(readFileSync('/tmp/app.pem'));

/** Whose mailbox the application by itself may use. */
const APPLICATION_ACCOUNT = 'app@isp.example';

let user = '';
let codeSeconds = 600;

const provider = new Provider(`https://${name}`, {
  clients: [
    {
      client_id: 'user-client',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['http://127.0.0.1/'],
      application_type: 'native',
    },
    {
      client_id: 'login-client',
      token_endpoint_auth_method: 'none',
      grant_types: [
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
      // By RFC 8252 the port is the client's to choose.
      redirect_uris: ['http://127.0.0.1/'],
      application_type: 'native',
    },
    {
      client_id: 'app-client',
      client_secret: 'the-secret-of-the-application',
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      scope: 'smtp',
    },
    {
      client_id: 'certificate-client',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...appKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      scope: 'smtp',
    },
    {
      client_id: 'mail-server',
      client_secret: 'the-secret-of-the-mail-server',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  scopes: ['openid', 'offline_access', 'smtp'],
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
  },
  interactions: { url: (_context, { uid }) => `/test/interaction/${uid}` },
  ttl: {
    AccessToken: seconds,
    ClientCredentials: seconds,
    RefreshToken: 86_400,
    Grant: 86_400,
    Interaction: 600,
    Session: 600,
    DeviceCode: () => codeSeconds,
  },
  rotateRefreshToken: true,
  // The mail server compares the login with this.
  extraTokenClaims: (_context, token) => ({
    email: 'accountId' in token ? token.accountId : APPLICATION_ACCOUNT,
  }),
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

// As Microsoft does: a refresh token that was replaced stays good for a while.
const consume = provider.RefreshToken.prototype.consume;
const forgive = async (): Promise<void> => {};
provider.RefreshToken.prototype.consume = forgive;

interface Request {
  readonly grant: string;
  readonly outcome: string;
  /** The end of the token in milliseconds since 1970; 0 without one. */
  readonly at: number;
}
const requests: Request[] = [];
let fault = 0;
const grants: InstanceType<typeof provider.Grant>[] = [];

provider.on('grant.success', ({ oidc }) => {
  requests.push({ grant: String(oidc.params?.['grant_type']), outcome: 'token', at: Date.now() });
});
provider.on('grant.error', ({ oidc }, error) => {
  const outcome = `${error.message} ${error.error_description ?? ''}`.trim();
  requests.push({ grant: String(oidc.params?.['grant_type']), outcome, at: Date.now() });
});

async function newGrant(accountId: string): Promise<string> {
  const client = await provider.Client.find('user-client');
  if (client === undefined) throw new Error('the client is missing');
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope('openid offline_access smtp');
  const grantId = await grant.save();
  grants.push(grant);
  const token = new provider.RefreshToken({
    accountId,
    client,
    grantId,
    gty: 'authorization_code',
    scope: 'openid offline_access smtp',
  });
  return token.save();
}

const answer = provider.callback();

/** The token endpoint for service accounts. */
const SERVICE_ACCOUNTS = '/service-account/token';

/** As Google does it: "Using OAuth 2.0 for server to server applications". */
async function serviceAccount(body: URLSearchParams, response: ServerResponse): Promise<void> {
  const tell = (status: number, answer: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
  try {
    const { payload } = await jwtVerify(body.get('assertion') ?? '', appKey, {
      issuer: 'sa@project.example',
      audience: `https://${name}${SERVICE_ACCOUNTS}`,
      maxTokenAge: '1h',
    });
    if (payload['scope'] !== 'smtp' || payload.sub === undefined) {
      tell(401, { error: 'unauthorized_client', error_description: 'Client is unauthorized' });
      return;
    }
    const client = await provider.Client.find('login-client');
    if (client === undefined) throw new Error('the client is missing');
    const grant = new provider.Grant({ accountId: payload.sub, clientId: client.clientId });
    grant.addOIDCScope('smtp');
    const token = new provider.AccessToken({
      accountId: payload.sub,
      client,
      grantId: await grant.save(),
      gty: 'jwt-bearer',
      scope: 'smtp',
    });
    const accessToken = await token.save();
    tell(200, { access_token: accessToken, token_type: 'Bearer', expires_in: seconds });
  } catch (error) {
    console.error(error);
    tell(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
  }
}

/** Who sits at the browser logs in and agrees, or declines. */
async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (user === '') {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
  } else if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: user } });
  } else {
    const accountId = session?.accountId ?? user;
    const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
    grant.addOIDCScope('openid offline_access smtp');
    const grantId = await grant.save();
    grants.push(grant);
    await provider.interactionFinished(request, response, { consent: { grantId } });
  }
}

async function control(url: URL): Promise<unknown> {
  switch (url.pathname) {
    case '/test/grant':
      return { refresh_token: await newGrant(url.searchParams.get('account') ?? '') };
    case '/test/revoke':
      await Promise.all(grants.map((grant) => grant.destroy()));
      return {};
    case '/test/strict':
      provider.RefreshToken.prototype.consume =
        url.searchParams.get('on') === 'yes' ? consume : forgive;
      return {};
    case '/test/fault':
      fault = Number(url.searchParams.get('status'));
      return {};
    case '/test/user':
      user = url.searchParams.get('account') ?? '';
      return {};
    case '/test/code':
      codeSeconds = Number(url.searchParams.get('seconds'));
      return {};
    case '/test/requests':
      return requests;
    default:
      return undefined;
  }
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `https://${name}`);
  if (url.pathname === '/token' && fault !== 0) {
    requests.push({ grant: '', outcome: `HTTP ${fault}`, at: Date.now() });
    response.writeHead(fault, { 'retry-after': '1' }).end();
    return;
  }
  if (url.pathname === SERVICE_ACCOUNTS) {
    await serviceAccount(new URLSearchParams(await text(request)), response);
    return;
  }
  if (url.pathname.startsWith('/test/interaction/')) {
    await interact(request, response);
    return;
  }
  const controlled = await control(url);
  if (controlled === undefined) answer(request, response);
  else response.end(JSON.stringify(controlled));
}

execFileSync('openssl', [
  ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ...['-days', '30', '-CA', '/authority/ca.pem', '-CAkey', '/authority/ca.key'],
  ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
  ...['-addext', 'basicConstraints=critical,CA:FALSE', '-keyout', '/tmp/key', '-out', '/tmp/cert'],
]);
const certificate = { key: readFileSync('/tmp/key'), cert: readFileSync('/tmp/cert') };
const listener = (request: IncomingMessage, response: ServerResponse): void => {
  handle(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
};
createTlsServer(certificate, listener).listen(443);
createServer(listener).listen(8080, () => console.log('ready'));
