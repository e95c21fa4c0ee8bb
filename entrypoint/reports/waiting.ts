import { explainReason, type ReasonWords } from '../advice/reason-words.ts';
import { type QueuedMessage, reasonOf } from '../postfix/queue-entry.ts';
import { type Server, serverFor, settingName } from '../probe/servers.ts';

/** Messages that wait for the same reason at the same server. */
export interface Waiting extends ReasonWords {
  readonly server: Server | undefined;
  readonly messages: readonly QueuedMessage[];
  /** One of the texts that Postfix gives. */
  readonly reason: string;
}

/** Finds the server: by the name in the reason, or else by whose mail it is. */
function serverOf(
  message: QueuedMessage,
  reason: string,
  servers: readonly Server[],
): Server | undefined {
  const usual = serverFor(servers, message.sender);
  if (usual === undefined || usual.path.startsWith('accounts')) return usual;
  const relays = servers.filter(({ path }) => path.startsWith('relay'));
  return relays.find(({ host }) => reason.includes(`${host}[`)) ?? usual;
}

/** Addresses and numbers taken out, so that the same trouble reads the same. */
export const withoutNumbers = (reason: string): string =>
  reason.replace(/\[[0-9a-f.:]+\]/gi, '').replace(/[0-9a-f]{8,}|\d+/gi, '#');

/** Groups what has been tried and waits, the largest group first. */
export function groupByReason(
  messages: readonly QueuedMessage[],
  servers: readonly Server[],
): readonly Waiting[] {
  const groups = new Map<string, Waiting>();
  for (const message of messages) {
    const reason = reasonOf(message);
    if (reason === undefined) continue;
    const server = serverOf(message, reason, servers);
    const words = explainReason(reason, settingName(server?.path ?? 'relay'));
    const key = `${server?.path} ${words.trouble ?? withoutNumbers(reason)}`;
    const group = groups.get(key) ?? { ...words, server, messages: [], reason };
    groups.set(key, { ...group, messages: [...group.messages, message] });
  }
  return [...groups.values()].sort((a, b) => b.messages.length - a.messages.length);
}
