import { managedParameters } from '../settings/rules/parameters/managed-parameters.ts';
import { isDomain } from '../settings/validators/host.ts';
import { Draft } from './draft.ts';
import { isMeant } from './foreign-names.ts';
import { translateParameter } from './foreign-parameters.ts';
import { loginsAlone, noteGateway, settleNetworks } from './networks.ts';
import type { Peer, PeerVariable } from './peer.ts';
import type { Source } from './source.ts';
import { settleTls } from './tls.ts';

const POSTFIX = 'POSTFIX_';

/** From the settings of another image to settings of ours. */
export function migrate(source: Source): Draft {
  const { peer, variables: all, open } = source;
  const draft = new Draft();
  for (const [name, value] of [...all].sort(([a], [b]) => order(peer, a) - order(peer, b))) {
    const known = variableOf(peer, name);
    if (/[\r\n]/.test(value.trim()) && !/^(POSTMAP|DKIM|OPENDKIM)_/.test(name)) {
      draft.drop(name, 'has a line break in it: is a quote missing?');
    } else if (known !== undefined) known.translate(value.trim(), draft, name, all);
    else if (isParameter(peer, name)) {
      const parameter = name.slice(POSTFIX.length);
      const spelt = peer.parameters === 'any case' ? parameter.toLowerCase() : parameter;
      translateParameter(spelt, value, draft, name, all);
    } else draft.drop(name, unknownTo(peer));
  }
  for (const [name, place] of open) missing(source, name, place, draft);
  noteSource(source, draft);
  loginsAlone(draft, all);
  peer.defaults(draft, all);
  noteSize(draft);
  settleTls(draft, peer.tls, [...all.keys(), ...open.keys()].some(isLogin(peer)));
  settleNetworks(draft);
  noteGateway(draft);
  return draft;
}

const variableOf = (peer: Peer, name: string): PeerVariable | undefined =>
  peer.variables.find((one) => isMeant(one, name));

const isParameter = (peer: Peer, name: string): boolean =>
  name.startsWith(POSTFIX) && peer.parameters !== 'none';

/** Whether a variable is about a login at the relay host, although its value may not be known. */
const isLogin =
  (peer: Peer) =>
  (name: string): boolean =>
    /^RELAY_(USERNAME|PASSWORD)/.test(variableOf(peer, name)?.ours ?? '') ||
    /smtp_sasl_(auth_enable|password_maps)$/.test(name);

const unknownTo = ({ name }: Peer): string =>
  `${name} has no such variable, as far as is known here`;

/** Variables are read in the order of the peer's table: a later one may look at an earlier one. */
const order = (peer: Peer, name: string): number => {
  const index = peer.variables.findIndex((one) => isMeant(one, name));
  return index < 0 ? peer.variables.length : index;
};

/** A variable whose value stands elsewhere. */
function missing({ peer, variables }: Source, name: string, place: string, draft: Draft): void {
  const known = variableOf(peer, name);
  const ours = known?.ours ?? (isParameter(peer, name) ? name : undefined);
  if (ours !== undefined) {
    const instead = managedParameters.get(ours.slice(POSTFIX.length)) ?? `give it as ${ours}`;
    draft.drop(name, `its value comes from ${place}, which is not in this file: ${instead}`);
  } else if (known === undefined) draft.drop(name, unknownTo(peer));
  else known.translate('', draft, name, variables);
}

/** Each image has a size of its own, and most do not say which. */
function noteSize(draft: Draft): void {
  if (draft.settings.has('message_size')) return;
  draft.note(
    'message_size: 25MB is the largest mail here, whatever the other image took; give another if yours are larger',
  );
}

/** Files of Postfix's own that are mounted in place of variables. */
const CONFIGURATION = /^\/(etc\/postfix|docker-init)/;

/** The settings of the file beside the variables. */
function noteSource({ variables, quoted, hostname, mounts, unread }: Source, draft: Draft): void {
  const named = [...variables.values()].join('\n');
  for (const mount of mounts.filter((one) => CONFIGURATION.test(one) && !named.includes(one))) {
    draft.drop(
      mount,
      'what is mounted there was not read: give what it says as settings (a login as relay.username and relay.password_file)',
    );
  }
  if (!draft.settings.has('myhostname') && hostname?.includes('.') && isDomain(hostname)) {
    draft.set('myhostname', hostname);
  }
  if (quoted.length > 0) {
    draft.note(
      `${quoted.join(', ')}: the quotes were part of the value there, and are left out here`,
    );
  }
  for (const place of unread) {
    draft.note(`not read, so that what it gives is missing here: ${place}`);
  }
}
