/** The options of `setup`, for the container's program and the host's. */
import type { Description } from '../cli/verb.ts';

export const OPTIONS = {
  address: { type: 'string', value: 'ADDRESS', about: 'your mail address' },
  server: { type: 'string', value: 'HOST[:PORT]', about: "the provider's submission server (587)" },
  provider: { type: 'string', value: 'NAME', about: 'a well-known provider, such as gmail' },
  username: { type: 'string', value: 'NAME', about: 'the user name at the provider' },
  'password-file': {
    type: 'string',
    value: 'FILE',
    about: 'the file that holds the password; - is standard input',
  },
  login: { type: 'string', value: 'HOW', about: 'password or oauth2' },
  'client-id': { type: 'string', value: 'ID', about: 'the client ID of your OAuth 2 application' },
  'client-secret-file': { type: 'string', value: 'FILE', about: 'the file with its client secret' },
  'ca-file': {
    type: 'string',
    value: 'FILE',
    about: 'certificates (PEM) to trust, where the provider has a CA of its own',
  },
  senders: {
    type: 'string',
    value: 'LIST',
    about: 'who sends: containers, lan, devices (with a login); several with commas',
  },
  lan: { type: 'string', value: 'RANGE', about: 'the network of the LAN, such as 192.168.1.0/24' },
  network: { type: 'string', value: 'NAME', about: 'an existing Docker network for the relay' },
  image: { type: 'string', value: 'IMAGE', about: 'the image of the relay (hikyaku:dev)' },
  directory: { type: 'string', value: 'DIR', about: 'where the files are written' },
  overwrite: { type: 'boolean', default: false, about: 'overwrite an existing set-up' },
  untested: { type: 'boolean', default: false, about: 'do not try the login' },
  yes: { type: 'boolean', short: 'y', default: false, about: 'ask nothing: use the defaults' },
} as const;

export const DESCRIPTION = {
  name: 'setup',
  summary: 'Ask what is needed, try the login, and write relay.yaml and compose.yaml.',
  details:
    'Files go to /setup: docker run -it --rm -v "$PWD:/setup" hikyaku:dev setup\nEach question can be answered by an option. Ctrl-C leaves nothing behind.',
  options: OPTIONS,
} satisfies Description;
