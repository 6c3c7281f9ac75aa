"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const at = (id) => document.getElementById(id);
  const make = (name, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const streams = { request: bytesOf(data.request), response: bytesOf(data.response) };
  const SIGNS = { "+": "added", "~": "changed", "−": "removed" };
  const FIRST_LINES = 400;
  let level = 2, position = 0, tab = 1, key = null, whole = false;

  const rows = () => data.levels[level];
  const row = () => rows()[position];

  // ── the map ──
  const SVG = "http://www.w3.org/2000/svg";
  const draw = (name, attributes, text) => {
    const element = document.createElementNS(SVG, name);
    for (const [each, value] of Object.entries(attributes)) element.setAttribute(each, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const THERE = 1, REACHED = 2, PASSED = 4, HERE = 8;
  const showMap = () => {
    const narrow = window.innerWidth < 700;
    const gap = narrow ? 62 : 128, left = narrow ? 30 : 60, side = narrow ? 30 : 96;
    const width = left + gap * 7 + side + (narrow ? 8 : 40);
    const svg = draw("svg", { viewBox: `0 0 ${width} ${narrow ? 104 : 108}`, "aria-hidden": "true" });
    const [inbound, outbound] = row().map;
    const x = (index) => left + index * gap;
    const y = [52, 86];
    const first = inbound.findIndex((bits, index) => (bits | outbound[index]) & THERE);
    [inbound, outbound].forEach((line, way) => {
      for (let index = Math.max(first, 0); index < 7; index += 1) {
        const passed = way === 0 ? line[index + 1] & PASSED : line[index] & PASSED;
        svg.append(draw("line", { class: passed ? "rail passed" : "rail", x1: x(index), y1: y[way], x2: x(index + 1), y2: y[way] }));
      }
    });
    const turned = outbound[7] & PASSED;
    svg.append(draw("path", { class: turned ? "rail passed" : "rail", d: `M${x(7)} ${y[0]} a17 17 0 0 1 0 34` }));
    data.stations.forEach((title, index) => {
      if (!((inbound[index] | outbound[index]) & THERE)) return;
      const here = (inbound[index] | outbound[index]) & HERE;
      const name = draw("text", { x: x(index), y: narrow && index % 2 ? 12 : 28, class: here ? "here" : "" }, title);
      svg.append(name);
    });
    [inbound, outbound].forEach((line, way) => line.forEach((bits, index) => {
      if (!(bits & THERE)) return;
      const kind = bits & HERE ? "node here" : bits & REACHED ? "node reached" : "node";
      svg.append(draw("circle", { class: kind, cx: x(index), cy: y[way], r: bits & HERE ? 7 : 6 }));
      if (bits & HERE) svg.append(draw("circle", { class: "halo", cx: x(index), cy: y[way], r: 11 }));
    }));
    if (!narrow) words.ways.forEach((way, index) => {
      svg.append(draw("text", { class: "way", x: x(7) + 34, y: y[index] + 4 }, way));
    });
    at("drawing").replaceChildren(svg);
    at("drawing").setAttribute("aria-label", row().spoken);
  };

  // ── the steps ──
  const listSteps = () => {
    const list = rows().map((each, index) => {
      const button = make("button");
      button.type = "button";
      button.append(make("span", each.label, "label"));
      const title = make("span", each.title, "title");
      title.style.paddingLeft = `${each.depth * 12}px`;
      if (each.detail) title.append(make("span", each.detail, "detail"));
      button.append(title, make("span", each.time, "time"));
      if (each.marks) button.append(make("span", each.marks, each.error ? "marks wrong" : "marks"));
      button.addEventListener("click", () => go(index));
      const item = make("li");
      item.append(button);
      return item;
    });
    at("steps").replaceChildren(...list);
    at("walk-title").textContent = words.levels[level - 1];
    at("less").disabled = level === 1;
    at("more").disabled = level === 3;
  };
  const showCurrent = () => {
    [...at("steps").children].forEach((item, index) => {
      const button = item.firstChild;
      if (index !== position) return button.removeAttribute("aria-current");
      button.setAttribute("aria-current", "step");
      const list = at("steps"), top = item.offsetTop - list.offsetTop;
      if (top < list.scrollTop || top + item.offsetHeight > list.scrollTop + list.clientHeight) {
        list.scrollTop = top - list.clientHeight / 3;
      }
    });
    at("where").textContent = `${position + 1}/${rows().length}`;
    at("before").disabled = position === 0;
    at("after").disabled = position === rows().length - 1;
  };

  // ── what can be seen of a step ──
  const sentence = (text) => at("panel").append(make("p", text));
  const showMapping = () => {
    const found = row().keys;
    if (!found.length) return sentence(words.no_mapping);
    const table = make("table"), body = make("tbody");
    table.setAttribute("aria-label", words.tabs[0]);
    found.forEach((number) => {
      const line = data.lines[number];
      const item = make("tr", undefined, [SIGNS[line.sign] || "", line.inner ? "inner" : "", line.folded ? "folded" : "", key === line.key && !line.folded ? "chosen" : ""].join(" ").trim());
      const sign = make("td", line.sign, "sign " + (SIGNS[line.sign] || ""));
      if (line.sign) sign.title = words.signs[line.sign];
      item.append(sign);
      const name = make("th");
      name.scope = "row";
      if (line.folded) {
        name.colSpan = 3;
        name.textContent = line.key;
        item.append(name);
      } else {
        const button = make("button", line.key);
        button.type = "button";
        button.setAttribute("aria-pressed", String(key === line.key));
        button.addEventListener("click", () => { key = key === line.key ? null : line.key; show(false); refocus(line.key); });
        name.append(button);
        const value = make("td", line.value, "value");
        value.title = line.type;
        item.append(name, value, make("td", line.origin ? "◂ " + line.origin : "", "origin"));
      }
      body.append(item);
    });
    table.append(body);
    at("panel").append(table);
  };
  const refocus = (name) => {
    const button = [...at("panel").querySelectorAll("th button")].find((each) => each.textContent === name);
    if (button) button.focus();
  };
  const chosenSpans = () => {
    const number = row().keys.find((each) => data.lines[each].key === key && !data.lines[each].folded);
    return number === undefined ? [] : [...data.lines[number].spans, ...data.lines[number].names];
  };
  const character = (byte) => byte === 10 ? "↵" : byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·";
  const marked = (parts, lit, joint) => {
    const pieces = document.createDocumentFragment();
    for (let start = 0; start < parts.length;) {
      let end = start + 1;
      while (end < parts.length && lit[end] === lit[start]) end += 1;
      const text = parts.slice(start, end).join(joint);
      pieces.append(lit[start] ? make("mark", text) : text);
      if (joint && end < parts.length) pieces.append(joint);
      start = end;
    }
    return pieces;
  };
  const showBytes = () => {
    const seen = row().bytes;
    const stream = streams[seen.stream];
    if (!stream.length) return sentence(words.no_bytes);
    const spans = seen.lit.length || seen.stream === "response" ? seen.lit : chosenSpans();
    const total = data.totals[seen.stream];
    let about = words.streams[seen.stream].replace("{n}", String(total));
    if (key && !seen.lit.length && spans.length) about += " · " + key;
    if (stream.length < total) about += " · " + words.kept.replace("{n}", String(stream.length));
    sentence(about);
    const wide = window.innerWidth < 560 ? 8 : 16;
    const lines = Math.ceil(stream.length / wide), shown = whole ? lines : Math.min(lines, FIRST_LINES);
    const block = make("pre");
    block.tabIndex = 0;
    for (let line = 0; line < shown; line += 1) {
      const from = line * wide, part = [...stream.slice(from, from + wide)];
      const near = spans.filter(([start, end]) => start < from + wide && end > from);
      const lit = part.map((_, index) => near.some(([start, end]) => start <= from + index && from + index < end));
      block.append(make("span", from.toString().padStart(6, " ") + "  ", "offset"));
      block.append(marked(part.map((byte) => byte.toString(16).padStart(2, "0")), lit, " "));
      block.append(" ".repeat((wide - part.length) * 3 + 2), marked(part.map(character), lit, ""), "\n");
    }
    at("panel").append(block);
    if (shown < lines) {
      const more = make("button", words.all_bytes);
      more.type = "button";
      more.addEventListener("click", () => { whole = true; show(false); });
      const place = make("p");
      place.append(more);
      at("panel").append(place);
    }
    const first = block.querySelector("mark");
    if (first) at("panel").scrollTop = Math.max(0, first.offsetTop - at("panel").offsetTop - 60);
  };
  const showCode = () => {
    const source = row().source;
    if (!source) return sentence(words.no_code);
    sentence(source.where);
    const lines = data.code[source.file];
    if (!lines) return sentence(words.code_missing);
    const block = make("pre");
    block.tabIndex = 0;
    let before = null, lit = null;
    for (const [number, text] of lines) {
      if (Math.abs(number - source.line) > 30) continue;
      if (before !== null && number !== before + 1) block.append("     ⋯\n");
      const here = number === source.line;
      const line = make("span", undefined, here ? "lit" : "");
      if (here) lit = line;
      line.append(make("span", String(number).padStart(5, " ") + (here ? " ▸ " : "   "), "number"), here ? text : text + "\n");
      block.append(line);
      before = number;
    }
    at("panel").append(block);
    if (lit) at("panel").scrollTop = Math.max(0, lit.offsetTop - at("panel").offsetTop - at("panel").clientHeight / 2);
  };
  const facts = (list) => {
    const found = make("dl");
    list.forEach(([name, value]) => found.append(make("dt", name), make("dd", value)));
    return found;
  };
  const explain = (about, into, every) => {
    into.append(make("h3", about.title));
    if (about.value) into.append(make("p", about.value));
    into.append(make("p", data.texts[about.text]));
    const reference = [about.reference, about.where].filter(Boolean).join(" · ");
    if (reference) into.append(make("p", reference, "reference"));
    if (every && about.facts.length) into.append(facts(about.facts));
  };
  const showWords = () => {
    const place = make("div");
    place.id = "explanation";
    place.style.padding = "0 14px";
    place.style.font = "15px/1.5 system-ui, sans-serif";
    explain(row().about, place, true);
    place.removeAttribute("id");
    at("panel").append(place);
  };
  const PANELS = { 1: showMapping, 2: showBytes, 3: showCode, 4: showWords };

  const showTabs = () => {
    [...at("tabs").children].forEach((button, index) => {
      const chosen = index + 1 === tab;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    });
    at("panel").setAttribute("aria-labelledby", `tab-${tab}`);
  };
  const show = (say = true) => {
    showMap();
    showCurrent();
    showTabs();
    at("panel").replaceChildren();
    at("panel").scrollTop = 0;
    PANELS[tab]();
    at("explanation").replaceChildren();
    const line = key === null ? undefined : row().keys.find((each) => data.lines[each].key === key);
    const about = tab === 1 && line !== undefined ? data.lines[line].about : undefined;
    explain(about || row().about, at("explanation"), false);
    if (say) at("live").textContent = [words.step.replace("{n}", String(position + 1)).replace("{all}", String(rows().length)), row().label, row().title, row().detail, row().marks, row().spoken].filter(Boolean).join(". ");
  };
  const go = (to) => {
    const next = Math.min(Math.max(to, 0), rows().length - 1);
    if (next !== position) { position = next; show(); }
  };
  const change = (by) => {
    const next = level + by;
    if (next < 1 || next > 3) return;
    const step = row().step;
    level = next;
    const exact = rows().findIndex((each) => each.step === step);
    const cover = rows().findIndex((each) => each.covers.includes(step));
    position = Math.max(exact, 0) || Math.max(cover, 0);
    listSteps();
    show();
  };
  const pick = (next, focus) => {
    tab = next;
    show(false);
    if (focus) at(`tab-${tab}`).focus();
  };

  // ── once ──
  at("heading").textContent = data.heading;
  at("about").textContent = data.about;
  at("map-title").textContent = words.map;
  at("seen-title").textContent = words.seen;
  at("words-title").textContent = words.explanation;
  at("keys").textContent = words.keys;
  [["before", words.before], ["after", words.after], ["less", "−"], ["more", "+"]].forEach(([id, text]) => { at(id).textContent = text; });
  at("less").setAttribute("aria-label", words.less);
  at("more").setAttribute("aria-label", words.more);
  words.tabs.forEach((name, index) => {
    const button = make("button");
    button.type = "button";
    button.id = `tab-${index + 1}`;
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", "panel");
    button.append(make("kbd", String(index + 1)), name);
    button.addEventListener("click", () => pick(index + 1, false));
    at("tabs").append(button);
  });
  at("before").addEventListener("click", () => go(position - 1));
  at("after").addEventListener("click", () => go(position + 1));
  at("less").addEventListener("click", () => change(-1));
  at("more").addEventListener("click", () => change(1));
  const KEYS = {
    ArrowLeft: () => go(position - 1), ArrowRight: () => go(position + 1), PageUp: () => go(position - 1),
    PageDown: () => go(position + 1), Home: () => go(0), End: () => go(rows().length - 1), "+": () => change(1),
    "=": () => change(1), "-": () => change(-1), "1": () => pick(1), "2": () => pick(2), "3": () => pick(3), "4": () => pick(4),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.key in KEYS)) return;
    const inTabs = event.target.getAttribute && event.target.getAttribute("role") === "tab";
    if (inTabs && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      pick((tab + (event.key === "ArrowRight" ? 0 : 2)) % 4 + 1, true);
    } else {
      KEYS[event.key]();
    }
    event.preventDefault();
  });
  let wait = 0;
  window.addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(() => show(false), 80); });
  at("page").hidden = false;
  if (!rows().length) return sentence(words.no_steps);
  const asked = new URLSearchParams(location.hash.slice(1));
  const number = (name, least, most, otherwise) => {
    const text = asked.get(name);
    return text !== null && /^\d{1,5}$/.test(text) ? Math.min(Math.max(Number(text), least), most) : otherwise;
  };
  level = number("dettaglio", 1, 3, level);
  tab = number("scheda", 1, 4, tab);
  position = number("passo", 1, rows().length, 1) - 1;
  listSteps();
  show();
})();
