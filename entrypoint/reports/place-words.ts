/** Where an attempt went, as Postfix names it: a server, `virtual` for a mailbox here, or `none`. */
export function placeWords(relay: string): string {
  if (relay.includes('[')) return ` through ${relay}`;
  if (relay === 'virtual') return ' into its mailbox here';
  return relay === 'none' ? ', no server reached' : ` by ${relay}`;
}
