// All tests of the browser in one process, so that one browser serves them all: `node --test-reporter=spec all.mjs`.

import { after, before } from "node:test";
import { close, open } from "./house.mjs";

before(open);
after(close);

const files = [
  "pages",
  "marks",
  "stories/beginning",
  "stories/finding",
  "stories/giving",
  "stories/nurse",
  "stories/clubs",
  "stories/joining",
  "stories/accounts",
  "stories/hands",
  "stories/calendar",
  "stories/offline",
];
// one word or more of a file's name runs that file alone: `node all.mjs giving`
const wanted = process.argv.slice(2);
for (const file of files) {
  if (!wanted.length || wanted.some((word) => file.includes(word))) await import(`./${file}.mjs`);
}
