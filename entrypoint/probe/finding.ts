/** What one look at the relay or at a server found. */
export type Finding = Fine | Wrong;

export interface Fine {
  readonly state: 'ok' | 'note';
  /** What was looked at: `relay host mail.isp.example:587, login`. */
  readonly topic: string;
  readonly words: string;
}

export interface Wrong {
  readonly state: 'wrong';
  readonly topic: string;
  readonly words: string;
  /** What to do about it, with the setting to change. */
  readonly remedy: string;
}

/** Something that is as it should be. */
export const ok = (topic: string, words: string): Finding => ({ state: 'ok', topic, words });

/** Something to know that is neither right nor wrong. */
export const note = (topic: string, words: string): Finding => ({ state: 'note', topic, words });

/** Something that has to be mended, with what to do. */
export const wrong = (topic: string, words: string, remedy: string): Wrong => ({
  state: 'wrong',
  topic,
  words,
  remedy,
});

export const isWrong = (finding: Finding): finding is Wrong => finding.state === 'wrong';

/** Thrown where nothing more can be looked at: carries the finding that says why. */
export class DeadEnd extends Error {
  readonly finding: Wrong;

  constructor(finding: Wrong) {
    super(finding.words);
    this.finding = finding;
  }
}

const LABELS: Readonly<Record<Finding['state'], string>> = {
  ok: 'ok   ',
  note: 'note ',
  wrong: 'WRONG',
};

/** One line, and the remedy on the next. */
export const findingLines = (finding: Finding): readonly string[] => [
  `${LABELS[finding.state]}  ${finding.topic}: ${finding.words}`,
  ...(isWrong(finding) ? [`       -> ${finding.remedy}`] : []),
];
