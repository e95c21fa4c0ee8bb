/** The page's own words. Causes and remedies come from advice/, which speaks English. */

import type { HistoryStatus } from '../../log/history-message.ts';
import type { Verdict } from '../../log/verdict.ts';
import type { Action } from './attendant.ts';

const countOf = (count: number): string => (count === 1 ? 'one message' : `${count} messages`);

const ENGLISH = {
  overview: 'Overview',
  history: 'History',
  otherLanguage: '日本語',
  skip: 'Skip to the content',
  verdict: {
    ok: 'Mail gets out',
    stuck: 'Mail is stuck',
    down: 'Postfix does not run',
    unknown: 'Postfix does not list its queue',
  },
  stuckFor: (count: number, age: string) =>
    `${count === 1 ? 'One message has' : `${count} messages have`} not got out, the oldest for ${age}.`,
  nothingWaits: 'Nothing waits.',
  moving: (count: number) =>
    `${count === 1 ? 'One message is' : `${count} messages are`} on the way, or about to be.`,
  held: (count: number) => `${count === 1 ? 'One message is' : `${count} messages are`} on hold.`,
  lastDelivery: (time: string, to: string, relay: string) =>
    `Last delivery: ${time} to ${to}, by ${relay}.`,
  noDelivery: 'No delivery in the last two days.',
  waits: 'What waits, and why',
  returned: 'What came back in the last two days',
  refused: 'What was not taken in the last two days',
  lastMail: 'The last mail',
  messages: (count: number) => (count === 1 ? 'One message' : `${count} messages`),
  times: (count: number) => (count === 1 ? 'once' : `${count} times`),
  oldest: (age: string) => `the oldest for ${age}`,
  last: (time: string) => `the last ${time}`,
  cause: 'Cause',
  remedy: 'What to do',
  said: 'What was said',
  theMessages: 'Messages',
  noHistory:
    'The relay keeps no history: set RELAY_HISTORY=30d (history: 30d), and mount a volume at /var/lib/hikyaku.',
  historyAway: 'The history cannot be read now. It is there again in a few seconds.',
  search: 'Search',
  searchHint: 'An address, a queue ID or a message-id',
  anyStatus: 'any',
  status: 'Status',
  time: 'Time',
  from: 'From',
  to: 'To',
  client: 'Handed in by',
  none: 'No message matches.',
  newer: 'Newer',
  older: 'Older',
  story: 'The story of a mail',
  result: 'Result',
  notFound: 'There is no such page, or no such mail any more.',
  accounts: 'Accounts',
  login: 'Login',
  noLogin: 'none',
  sendAs: 'Every sender as',
  lastSuccess: 'Last delivery',
  lastTrouble: 'Last trouble',
  waitingHere: (count: number) => (count === 1 ? 'one message waits' : `${count} messages wait`),
  direct: "Straight to each recipient's mail servers",
  backup: 'Backup',
  checks: 'Checks',
  notChecked: 'Nothing has been checked yet.',
  checkedAt: (time: string) => `Checked at ${time}, by "hikyaku doctor".`,
  isChecking: 'It is being checked now.',
  checkNow: 'Check now',
  notCheckable: '"hikyaku doctor" could not run. To see why: docker exec CONTAINER hikyaku doctor',
  nothingWrong: (count: number) => `Nothing is wrong (${count} checks).`,
  fine: (count: number) => `${count} checks found nothing to mend`,
  wrong: 'wrong',
  note: 'note',
  foundWords: 'Found',
  wrongThings: (count: number) =>
    count === 1 ? 'One check found something wrong' : `${count} checks found something wrong`,
  queue: 'Queue',
  queueSearch: 'A queue ID, or a part of an address',
  message: 'Message',
  why: 'Why',
  further: 'Further',
  back: 'Back',
  toQueue: 'To this mail in the queue',
  chooseAll: 'Choose all',
  chooseNone: 'Choose none',
  choose: (id: string) => `Choose ${id}`,
  retryAll: 'Retry the whole queue',
  cancel: 'Cancel',
  readOnly:
    'Without a password this page only shows. With RELAY_PAGE_PASSWORD_FILE (page.password_file) mail can be retried, held and deleted here; or use: docker exec CONTAINER hikyaku queue --help',
  unlisted: (count: number) => `${count} more: docker exec CONTAINER hikyaku queue`,
  deleteQuestion: (count: number) =>
    count === 1 ? 'Delete this message?' : `Delete these ${count} messages?`,
  deleteMeans: 'It cannot be undone. Neither sender nor recipient gets a notice.',
  actions: {
    retry: 'Retry',
    hold: 'Hold',
    release: 'Release',
    delete: 'Delete',
  } satisfies Record<Action, string>,
  done: {
    retry: (count: number) => `Postfix tries ${countOf(count)} now.`,
    hold: (count: number) => `On hold: ${countOf(count)}.`,
    release: (count: number) => `Released: ${countOf(count)}. Postfix tries again soon.`,
    delete: (count: number) => `Deleted: ${countOf(count)}.`,
    'retry-all': () => 'Postfix tries all that waits now.',
    nothing: () => 'Nothing was done: no message was chosen that is still in the queue.',
  } satisfies Record<Action | 'retry-all' | 'nothing', (count: number) => string>,
  queues: {
    maildrop: 'handed in',
    incoming: 'coming in',
    active: 'being sent',
    deferred: 'put off',
    hold: 'on hold',
  },
  statuses: {
    waiting: 'waiting',
    sent: 'sent',
    deferred: 'deferred',
    bounced: 'bounced',
    deleted: 'deleted',
  } satisfies Record<HistoryStatus, string>,
  verdicts: {
    delivered: 'delivered',
    'partly delivered': 'partly delivered',
    returned: 'returned',
    expired: 'given up',
    waiting: 'waiting',
    'being delivered': 'being delivered',
    'on hold': 'on hold',
    refused: 'refused',
    deleted: 'deleted',
    unknown: 'unknown',
  } satisfies Record<Verdict, string>,
};

export type Words = typeof ENGLISH;
export type Language = 'en' | 'ja';

const JAPANESE: Words = {
  overview: '概要',
  history: '履歴',
  otherLanguage: 'English',
  skip: '本文へ移動',
  verdict: {
    ok: 'メールは送信されています',
    stuck: 'メールが滞っています',
    down: 'Postfix が動いていません',
    unknown: 'Postfix がキューを表示しません',
  },
  stuckFor: (count, age) => `${count} 通が送信できていません (最長 ${age})。`,
  nothingWaits: '待っているメールはありません。',
  moving: (count) => `${count} 通を配送中です。`,
  held: (count) => `${count} 通を保留しています。`,
  lastDelivery: (time, to, relay) => `最後の配送: ${time}、宛先 ${to}、配送先 ${relay}。`,
  noDelivery: 'この 2 日間に配送はありません。',
  waits: '待っているメールとその理由',
  returned: 'この 2 日間に戻ってきたメール',
  refused: 'この 2 日間に受け付けなかったメール',
  lastMail: '最近のメール',
  messages: (count) => `${count} 通`,
  times: (count) => `${count} 回`,
  oldest: (age) => `最長 ${age}`,
  last: (time) => `最後は ${time}`,
  cause: '原因',
  remedy: '対処',
  said: '応答',
  theMessages: 'メール',
  noHistory:
    '履歴は保存されていません。RELAY_HISTORY=30d (history: 30d) を設定し、/var/lib/hikyaku にボリュームをマウントしてください。',
  historyAway: '今は履歴を読めません。数秒後にもう一度お試しください。',
  search: '検索',
  searchHint: 'アドレス、キュー ID、または Message-ID',
  anyStatus: 'すべて',
  status: '状態',
  time: '日時',
  from: '差出人',
  to: '宛先',
  client: '送信元',
  none: '該当するメールはありません。',
  newer: '新しい',
  older: '古い',
  story: 'メールの経過',
  result: '結果',
  notFound: 'ページまたはメールが見つかりません。',
  accounts: 'アカウント',
  login: 'ログイン',
  noLogin: 'なし',
  sendAs: '差出人の書き換え',
  lastSuccess: '最後の配送',
  lastTrouble: '最後の問題',
  waitingHere: (count) => `${count} 通が待機中`,
  direct: '宛先のメールサーバーへ直接',
  backup: '予備',
  checks: '点検',
  notChecked: 'まだ点検していません。',
  checkedAt: (time) => `${time} に "hikyaku doctor" で点検しました。`,
  isChecking: '点検中です。',
  checkNow: '今すぐ点検',
  notCheckable:
    '"hikyaku doctor" を実行できませんでした。理由: docker exec CONTAINER hikyaku doctor',
  nothingWrong: (count) => `問題はありません (${count} 項目)。`,
  fine: (count) => `問題のない ${count} 項目`,
  wrong: '問題',
  note: '注意',
  foundWords: '結果',
  wrongThings: (count) => `点検で ${count} 件の問題が見つかりました`,
  queue: 'キュー',
  queueSearch: 'キュー ID、またはアドレスの一部',
  message: 'メール',
  why: '理由',
  further: '次へ',
  back: '前へ',
  toQueue: 'キューのこのメールへ',
  chooseAll: 'すべて選択',
  chooseNone: '選択を解除',
  choose: (id) => `${id} を選択`,
  retryAll: 'キュー全体を再送',
  cancel: 'キャンセル',
  readOnly:
    'パスワードがないので表示のみです。RELAY_PAGE_PASSWORD_FILE (page.password_file) を設定すると、ここで再送、保留、削除ができます。または: docker exec CONTAINER hikyaku queue --help',
  unlisted: (count) => `ほかに ${count} 通: docker exec CONTAINER hikyaku queue`,
  deleteQuestion: (count) => `${count} 通を削除しますか?`,
  deleteMeans: '元に戻せません。差出人にも宛先にも通知されません。',
  actions: {
    retry: '再送',
    hold: '保留',
    release: '保留を解除',
    delete: '削除',
  },
  done: {
    retry: (count) => `${count} 通を再送しています。`,
    hold: (count) => `${count} 通を保留しました。`,
    release: (count) => `${count} 通の保留を解除しました。まもなく再送します。`,
    delete: (count) => `${count} 通を削除しました。`,
    'retry-all': () => '待っているメールをすべて再送しています。',
    nothing: () => '何もしていません。キューにあるメールが選択されていません。',
  },
  queues: {
    maildrop: '受付済み',
    incoming: '受付中',
    active: '配送中',
    deferred: '再試行待ち',
    hold: '保留中',
  },
  statuses: {
    waiting: '待機中',
    sent: '送信済み',
    deferred: '再試行待ち',
    bounced: '返送',
    deleted: '削除',
  },
  verdicts: {
    delivered: '配送済み',
    'partly delivered': '一部配送済み',
    returned: '返送',
    expired: '期限切れ',
    waiting: '待機中',
    'being delivered': '配送中',
    'on hold': '保留中',
    refused: '拒否',
    deleted: '削除',
    unknown: '不明',
  },
};

export const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, ja: JAPANESE };

/**
 * The language to answer in.
 * @param asked what the address says (`?lang=ja`), which counts more than the browser
 * @param accepted the Accept-Language header (RFC 9110 section 12.5.4)
 */
export function languageOf(asked: string | null, accepted: string | undefined): Language {
  if (asked === 'en' || asked === 'ja') return asked;
  const wanted = (accepted ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const weight = parameters.find((one) => one.startsWith('q='))?.slice(2) ?? '1';
      return { language: tag.split('-')[0], weight: Number(weight) };
    })
    .filter(({ language, weight }) => (language === 'en' || language === 'ja') && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wanted[0]?.language === 'ja' ? 'ja' : 'en';
}
