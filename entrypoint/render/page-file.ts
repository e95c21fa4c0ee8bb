import { maskSecrets } from '../settings/hiding/mask.ts';
import type { Account, Page, Settings } from '../settings/settings.ts';
import { serviceName } from './accounts.ts';
import { type EndingSources, endingSources } from './ending-sources.ts';
import { configFile, type RenderedFile, SECRET } from './file.ts';

/** The settings that the page needs; its only password is a hash. */
export interface PageSettings extends Page {
  /** Who may look without a password; the second list is taken out of the first. */
  readonly clients: { readonly allowed: readonly string[]; readonly refused: readonly string[] };
  readonly myhostname: string;
  readonly route: Settings['route'];
  readonly accounts: Settings['accounts'];
  /** The delivery services of accounts, each with what chooses it. */
  readonly services: readonly { readonly name: string; readonly chosenBy: string }[];
  readonly pace: Settings['rate']['total'];
  readonly hasHistory: boolean;
  readonly endings: EndingSources;
}

/** The page's settings below /etc/postfix. Root reads them before it becomes another account. */
export const PAGE_FILE = 'page';

export function pageFile(settings: Settings): readonly RenderedFile[] {
  const { page, clients, myhostname, accounts, rate, history } = settings;
  if (page === undefined) return [];
  const masked = maskSecrets(settings);
  const content: PageSettings = {
    ...page,
    clients: {
      allowed: clients.ranges,
      refused: [...clients.excluded, ...clients.gateways, ...clients.own, ...clients.ingress],
    },
    myhostname,
    route: masked.route,
    accounts: masked.accounts,
    services: accounts.map((account) => ({
      name: serviceName(account),
      chosenBy: chosenBy(account),
    })),
    pace: rate.total,
    hasHistory: history !== undefined,
    endings: endingSources(settings),
  };
  return [configFile(PAGE_FILE, `${JSON.stringify(content, null, 2)}\n`, SECRET)];
}

const chosenBy = ({ by, match }: Account): string => (by === 'sender' ? match : `${by} ${match}`);
