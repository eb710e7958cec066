/** Seeds that once found something, by what they found. They run for ever, though a change to the simulator may make another run of them. */

export const PINNED: Readonly<Record<string, number>> = {
  'a session that came back to the node it had left stayed gone': 1,
  'a message handed in again stood before the one that had been acknowledged by a node whose clock was ahead': 107,
  'the same, with a lying disk': 116,
  'the same, with a full disk': 1067,
  'a client that failed over from a fast clock to a slow one was refused for its `after`': 1082,
  'the same, all over a partition': 1085,
  'the only node left refuses while its disk is full': 1097,
  'an entry that was shown was lost with its disk': 26,
  'a process that was back before its clients noticed': 5012,
  'more history than one page': 5186,
  'two places of one message in one view': 5194,
};
