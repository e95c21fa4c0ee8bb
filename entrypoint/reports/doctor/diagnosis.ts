import { type About, advise } from '../../advice/advice.ts';
import type { Trouble } from '../../advice/trouble.ts';
import { type Say, type Sentence, settingsIn, words } from '../../settings/naming/sentence.ts';
import { aboutServer } from '../about.ts';

/** One finding about the relay or a server. */
export type Finding = Fine | Wrong;

interface Look {
  /** The kind of the fact or the trouble. */
  readonly kind: string;
  /** The subject: `relay host [mail.isp.example]:587`, `queue`. */
  readonly subject: string;
  readonly words: Sentence;
}

export interface Fine extends Look {
  readonly state: 'ok' | 'note';
}

export interface Wrong extends Look {
  readonly state: 'wrong';
  readonly trouble: Trouble;
  readonly remedy: Sentence;
  /** The setting that the remedy changes: `relay.tls`. */
  readonly settings: readonly string[];
}

/** Something that is as it should be. */
export const ok = (kind: string, subject: string, words: Sentence): Fine => ({
  state: 'ok',
  kind,
  subject,
  words,
});

/** Something to know that is neither right nor wrong. */
export const note = (kind: string, subject: string, words: Sentence): Fine => ({
  ...ok(kind, subject, words),
  state: 'note',
});

/** Something that has to be mended; what a server said itself stands behind the cause. */
export function wrong(subject: string, trouble: Trouble, about: About): Wrong {
  const { cause, remedy } = advise(trouble, about);
  const reply = 'reply' in trouble ? trouble.reply?.text : undefined;
  const sender = 'sender' in trouble ? trouble.sender : undefined;
  return {
    state: 'wrong',
    kind: trouble.kind,
    subject: sender === undefined ? subject : `${subject}, sender ${sender}`,
    words: reply === undefined ? cause : words`${cause}: ${reply}`,
    trouble,
    remedy,
    settings: settingsIn(remedy),
  };
}

/** Something that has to be mended in this relay itself. */
export const wrongHere = (subject: string, trouble: Trouble): Wrong =>
  wrong(subject, trouble, aboutServer(undefined));

export const isWrong = (finding: Finding): finding is Wrong => finding.state === 'wrong';

const LABELS: Readonly<Record<Finding['state'], string>> = {
  ok: 'ok   ',
  note: 'note ',
  wrong: 'WRONG',
};

/** One line, and the remedy on the next. */
export const findingLines = (finding: Finding, say: Say): readonly string[] => [
  `${LABELS[finding.state]}  ${finding.subject}: ${say(finding.words)}`,
  ...(isWrong(finding) ? [`       -> ${say(finding.remedy)}`] : []),
];

const ORDER: readonly Finding['state'][] = ['ok', 'note', 'wrong'];

/** All of it; what is wrong comes last and is counted, where a terminal still shows it. */
export function doctorLines(findings: readonly Finding[], say: Say): readonly string[] {
  const sorted = ORDER.flatMap((state) => findings.filter((one) => one.state === state));
  const count = findings.filter(isWrong).length;
  return [
    ...sorted.flatMap((finding) => findingLines(finding, say)),
    count === 0
      ? `nothing is wrong (${findings.length} checks)`
      : `${count} of ${findings.length} checks found something wrong`,
  ];
}
