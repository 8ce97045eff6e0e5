// All tests of the browser in one process, so that one browser serves them all: `node --test-reporter=spec all.mjs`.

import { after, before } from "node:test";
import { close, open } from "./house.mjs";

before(open);
after(close);

await import("./pages.mjs");
await import("./stories/accounts.mjs");
await import("./stories/finding.mjs");
