import { Draft } from './draft.ts';
import { noteGateway, settleNetworks } from './networks.ts';
import { translateParameter } from './parameters.ts';
import { isMeant, type Peer, type Variables } from './peer.ts';
import { settleTls } from './tls.ts';

const POSTFIX = 'POSTFIX_';

/**
 * From the variables of another image to settings of ours.
 * @param open variables whose value is not known, since it stands elsewhere
 */
export function migrate(peer: Peer, all: Variables, open: ReadonlyMap<string, string>): Draft {
  const draft = new Draft();
  for (const [name, value] of [...all].sort(([a], [b]) => order(peer, a) - order(peer, b))) {
    const known = peer.variables.find((one) => isMeant(one, name));
    if (known !== undefined) known.translate(value, draft, name, all);
    else if (name.startsWith(POSTFIX) && peer.parameters !== 'none') {
      const parameter = name.slice(POSTFIX.length);
      const spelt = peer.parameters === 'any case' ? parameter.toLowerCase() : parameter;
      translateParameter(spelt, value, draft, name, all);
    } else draft.drop(name, `${peer.name} has no such variable: it did nothing there either`);
  }
  for (const [name, source] of open) missing(peer, name, source, draft);
  peer.defaults(draft, all);
  settleTls(draft);
  settleNetworks(draft);
  noteGateway(draft);
  return draft;
}

/** Variables are read in the order of the peer's table: a later one may look at an earlier one. */
const order = (peer: Peer, name: string): number => {
  const index = peer.variables.findIndex((one) => isMeant(one, name));
  return index < 0 ? peer.variables.length : index;
};

function missing(peer: Peer, name: string, source: string, draft: Draft): void {
  const known = peer.variables.find((one) => isMeant(one, name));
  const ours = known?.ours ?? (name.startsWith(POSTFIX) ? name : undefined);
  if (ours === undefined) return;
  draft.drop(name, `its value comes from ${source}, which is not in this file: give it as ${ours}`);
}
