/** Seeds that find something in a build without the cure, by what they find. They run for ever; after a change to what a seed draws they are to be found anew. */

export const PINNED: Readonly<Record<string, number>> = {
  'a session that came back to the node it had left stayed gone': 15,
  'the same, with other faults': 22,
  'a message handed in again stood before one that was acknowledged by a node whose clock was ahead': 124,
  'the same, with other clocks': 285,
  'a client that failed over from a fast clock to a slow one was refused for its `after`': 23,
  'the same, for many messages': 370,
  'a message in two entries hid from a client what had come before the other one': 26,
  'the same, for another room': 41,
  'a client that was never told the earlier place of a message': 20_216,
  'a message refused at one node and taken at another stood behind its successors': 40_400,
};
