// What can be measured of a page's looks: run inside the page, each returns the findings as sentences.

import { STACKED } from "./house.mjs";

/** Nothing makes the page wider than the screen, and no text is cut by the box it stands in. */
export const width = (page) => page.evaluate(() => {
  const found = [];
  const screen = document.documentElement.clientWidth;
  const whole = document.scrollingElement.scrollWidth;
  if (whole > screen) found.push(`${whole} px wide on a screen of ${screen}`);
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (!box.width || element.closest(".scroll, .unseen, .skip, svg")) continue;
    const name = `<${element.localName} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`;
    if (box.right > screen + 0.5 || box.left < -0.5) found.push(`reaches beyond the screen: ${name}`);
    const style = getComputedStyle(element);
    const clips = style.overflowX !== "visible" || style.overflowY !== "visible" || style.textOverflow === "ellipsis";
    if (clips && !/^(input|textarea|select|option)$/.test(element.localName)
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
      found.push(`hides a part of itself: ${name}`);
    }
  }
  return found;
});

/**
 * Whatever one taps is 44 px high and wide where the finger meets it; a link in a sentence is exempt, as WCAG 2.5.5
 * has it. What counts is where a tap lands, so a label or a widened link serves.
 */
export const targets = (page) => page.evaluate(() => {
  const found = [];
  const wanted = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const inSentence = (link) => {
    if (link.localName !== "a" || getComputedStyle(link).display !== "inline") return false;
    let block = link.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    if (/^h[1-6]$/.test(block.localName)) return false;
    const others = [...block.querySelectorAll("a[href]")].map((one) => one.textContent).join("");
    return block.textContent.replace(/[\s·,]/g, "").length > others.replace(/[\s·,]/g, "").length;
  };
  for (const element of document.querySelectorAll(wanted)) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".skip, .unseen")) continue;
    if (inSentence(element)) continue;
    if (/^(checkbox|radio)$/.test(element.type)) {
      // the label is what one taps
      const label = element.labels[0]?.getBoundingClientRect();
      if (!(label?.height >= 43.5 && label.width >= 43.5)) found.push(`<input> ${element.name}: its label is too small`);
      continue;
    }
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const mine = (dx, dy) => {
      const hit = document.elementFromPoint(x + dx, y + dy);
      beside = hit ? `<${hit.localName} class="${hit.className}">` : "nothing";
      return hit && (element.contains(hit) || hit.contains(element) && hit.localName === "label"
        || [...(element.labels ?? [])].some((label) => label.contains(hit)));
    };
    let beside;
    const reach = 21;
    const missed = [[0, 0], [0, -reach], [0, reach], [-reach, 0], [reach, 0]].some(([dx, dy]) => !mine(dx, dy));
    if (missed) {
      const name = (element.getAttribute("aria-label") || element.textContent || element.name || "").trim().slice(0, 40);
      found.push(`<${element.localName}> ${name}: ${Math.round(box.width)} × ${Math.round(box.height)} px, then ${beside}`);
    }
  }
  scrollTo(0, 0);
  return found;
});

/**
 * Thai marks stack up to two above and one below. In each style of text on the page the line that stacks them all must
 * have its ink inside the line box, and the line box must be as high as Thai asks: 1.6 for text, 1.4 for headings.
 */
export const marks = (page) => page.evaluate((line) => {
  const found = new Set();
  const pen = document.createElement("canvas").getContext("2d");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const elements = new Set(document.querySelectorAll("input:not([type=hidden]), select, textarea"));
  while (texts.nextNode()) {
    if (texts.currentNode.data.trim()) elements.add(texts.currentNode.parentElement);
  }
  const seen = new Set();
  for (const element of elements) {
    if (!element.checkVisibility() || element.closest("svg, .unseen, [aria-hidden=true], option")) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    // a select sets its own line; it has one line only, and its box must hold it
    const height = element.localName === "select" ? element.clientHeight : parseFloat(style.lineHeight);
    const key = `${style.font}|${style.letterSpacing}|${style.textTransform}|${style.wordBreak}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const name = `<${element.localName} class="${element.className}">`;
    const heading = element.closest("h1, h2, h3, button, .button, .code, select") !== null;
    if (size < 13.5) found.add(`${name}: letters of ${size} px`);
    if (!(height / size >= (heading ? 1.39 : 1.59))) found.add(`${name}: line height ${style.lineHeight} for ${size} px`);
    if (style.letterSpacing !== "normal") found.add(`${name}: letter-spacing`);
    if (style.textTransform !== "none") found.add(`${name}: text-transform`);
    if (style.wordBreak === "break-all") found.add(`${name}: word-break`);
    pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const ink = pen.measureText(line);
    const leading = (height - ink.fontBoundingBoxAscent - ink.fontBoundingBoxDescent) / 2;
    const above = leading + ink.fontBoundingBoxAscent - ink.actualBoundingBoxAscent;
    const below = leading + ink.fontBoundingBoxDescent - ink.actualBoundingBoxDescent;
    // two lines under each other must not meet
    if (above + below < 0) found.add(`${name}: ink outside its line, ${above.toFixed(1)} above, ${below.toFixed(1)} below`);
  }
  return [...found];
}, STACKED);

/** A line ends between two words of Thai, never inside one. */
export const words = (page) => page.evaluate(() => {
  const found = [];
  const segmenter = new Intl.Segmenter("th", { granularity: "word" });
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (!/[\u0e00-\u0e7f]/.test(node.data) || !node.parentElement.checkVisibility()
      || node.parentElement.closest("option, .unseen")) continue;
    range.selectNodeContents(node);
    if (range.getClientRects().length < 2) continue;
    for (const { segment, index } of segmenter.segment(node.data)) {
      if (segment.length < 2 || !/[\u0e00-\u0e7f]/.test(segment)) continue;
      range.setStart(node, index);
      range.setEnd(node, index + segment.length);
      const lines = [...range.getClientRects()].filter((box) => box.width > 0);
      if (lines.some((box) => Math.abs(box.top - lines[0].top) > box.height / 2)) {
        found.push(`"${segment}" is cut by the end of a line in: ${node.data.trim().slice(0, 60)}`);
      }
    }
  }
  return found;
});

/** What a screen reader needs of the frame: one h1, one main, no skipped level, a language on every run of the other. */
export const frame = (page) => page.evaluate(() => {
  const found = [];
  const html = document.documentElement;
  if (!/^(th|en)$/.test(html.lang)) found.push(`lang="${html.lang}" on html`);
  if (document.querySelectorAll("h1").length !== 1) found.push(`${document.querySelectorAll("h1").length} h1`);
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  if (!document.title.trim()) found.push("no title");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) found.push(`id ${id} stands twice`);
  for (const element of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
    const named = `${element.getAttribute("aria-describedby") ?? ""} ${element.getAttribute("aria-labelledby") ?? ""}`;
    for (const id of named.trim().split(/\s+/).filter(Boolean)) {
      if (!document.getElementById(id)) found.push(`<${element.localName} ${element.id}> is described by ${id}, which is not there`);
    }
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const named = [...field.labels].some((label) => label.textContent.trim()) || field.getAttribute("aria-label");
    if (!named) found.push(`no label: ${field.outerHTML.slice(0, 80)}`);
  }
  if (html.lang === "en") {
    for (const run of document.querySelectorAll('span[lang="th"]')) {
      const { parentElement: whole } = run;
      const beside = [...whole.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (beside && /flex|grid/.test(getComputedStyle(whole).display)) {
        found.push(`a sentence falls into columns: ${whole.textContent.trim().slice(0, 60)}`);
      }
    }
    const thai = /[\u0e00-\u0e7f]/;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { data, parentElement } = texts.currentNode;
      if (thai.test(data) && parentElement.closest("[lang]").lang !== "th") {
        found.push(`Thai in an English run: ${data.trim().slice(0, 60)}`);
      }
    }
  }
  return found;
});
