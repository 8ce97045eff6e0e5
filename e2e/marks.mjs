// The line that stacks Thai marks, in every style of text of some pages: no box takes ink away from it; and the weight of
// the first page.

import assert from "node:assert/strict";
import test from "node:test";
import { STACKED, theDemo, visit, visitAs } from "./house.mjs";

test("the face stacks a tone mark on top of a vowel", async () => {
  const { origin } = await theDemo();
  const page = await visit(origin);
  await page.goto("/joining/sign-in");
  const [bare, toned] = await page.evaluate(() => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `40px ${getComputedStyle(document.body).fontFamily}`;
    return ["ตี", "ตี่"].map((word) => pen.measureText(word).actualBoundingBoxAscent);
  });
  assert.ok(toned > bare, `ตี ${bare} px, ตี่ ${toned} px high`);
  await page.farewell();
});

/**
 * Points of two pictures that differ by more than how a round edge is smoothed when it is drawn a second time (some of 255
 * levels); a picture of another size differs everywhere.
 */
function differing(page, before, after) {
  return page.evaluate(async ([one, other]) => {
    const read = async (text) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const drawn = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const pen = new OffscreenCanvas(drawn.width, drawn.height).getContext("2d");
      pen.drawImage(drawn, 0, 0);
      return pen.getImageData(0, 0, drawn.width, drawn.height);
    };
    const [a, b] = [await read(one), await read(other)];
    if (a.width !== b.width || a.height !== b.height) return Infinity;
    let points = 0;
    for (let at = 0; at < a.data.length; at += 4) {
      if ([0, 1, 2].some((color) => Math.abs(a.data[at + color] - b.data[at + color]) > 24)) points += 1;
    }
    return points;
  }, [before.toString("base64"), after.toString("base64")]);
}

for (const address of ["/today", "/members", "/giving", "/giving/new?side=need", "/joining/settings", "/networks", "/search?q=ก"]) {
  test(`no box cuts stacked marks at ${address}`, async () => {
    const page = await visitAs("member", { width: 320, height: 640 });
    await page.goto(address);
    // a folded part, a select and what only a screen reader hears hide their text on purpose
    await page.evaluate((line) => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (texts.nextNode()) nodes.push(texts.currentNode);
      for (const node of nodes) {
        if (node.data.trim() && node.parentElement.checkVisibility() && !node.parentElement.closest("select, .unseen, .skip")) {
          node.data = line;
        }
      }
    }, STACKED);
    const before = await page.screenshot({ fullPage: true, animations: "disabled" });
    await page.addStyleTag({ content: "body *:not(.unseen, .skip, svg, svg *, input, select, textarea, details, details *) { overflow: visible !important; clip-path: none !important; contain: none !important }" })
      .catch(() => page.evaluate(() => {
        // the page's policy takes no style from outside; a sheet made by a script in it is its own
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("body *:not(.unseen, .skip, svg, svg *, input, select, textarea, details, details *) { overflow: visible !important; clip-path: none !important; contain: none !important }");
        document.adoptedStyleSheets = [sheet];
      }));
    const after = await page.screenshot({ fullPage: true, animations: "disabled" });
    const ink = await differing(page, before, after);
    assert.equal(ink, 0, "points that look different with nothing cut");
    page.faults.length = 0;
    await page.farewell();
  });
}

for (const address of ["/joining/sign-in", "/today"]) {
  test(`all of ${address} weighs less than 100 KB`, async () => {
    const page = address === "/today" ? await visitAs("member") : await visit((await theDemo()).origin);
    const requests = [];
    page.on("requestfinished", (request) => requests.push(request));
    await page.goto(address, { waitUntil: "networkidle" });
    let weight = 0;
    for (const request of requests) {
      const sizes = await request.sizes();
      weight += sizes.responseBodySize + sizes.responseHeadersSize;
    }
    assert.ok(requests.length >= 3, "the page, its style and its script at least");
    assert.ok(weight < 100_000, `${weight} bytes in ${requests.length} answers`);
    await page.farewell();
  });
}
