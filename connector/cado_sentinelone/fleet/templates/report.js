"use strict";
// The table of endpoints: filtered, sorted and shown a page at a time. Text is set as text, never as HTML.
const DATA = JSON.parse(document.getElementById("rows").textContent);
const COLUMNS = ["host", "system", "site", "state", "verdict", "minutes", "launched", "evidence", "cause"];
const SECONDS = 5, CAUSE = 8, STATE = 3, PAGE = 200;
const find = (id) => document.getElementById(id);
let order = { column: 0, down: false }, first = 0, rows = [];

function text(row, column) {
  const value = row[column];
  if (column === CAUSE) return DATA.errors[value];
  if (column === SECONDS) return value === null ? "" : (value / 60).toFixed(1);
  if (column === STATE) return value.replaceAll("_", " ");
  return value === null ? "" : String(value).replaceAll("_", column === 4 ? " " : "_");
}

function compare(one, other) {
  const a = order.column === CAUSE ? DATA.errors[one[CAUSE]] : one[order.column];
  const b = order.column === CAUSE ? DATA.errors[other[CAUSE]] : other[order.column];
  if (a === b) return 0;
  if (a === null || a === "") return 1;
  if (b === null || b === "") return -1;
  return (a < b ? -1 : 1) * (order.down ? -1 : 1);
}

function choose() {
  const words = find("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const state = find("only").value;
  rows = DATA.rows.filter((row) => {
    if (state && row[STATE] !== state) return false;
    if (!words.length) return true;
    const all = (row.slice(0, CAUSE).join(" ") + " " + DATA.errors[row[CAUSE]]).toLowerCase();
    return words.every((word) => all.includes(word));
  });
  rows.sort(compare);
  first = 0;
  show();
}

function show() {
  const body = document.querySelector("#endpoints tbody");
  body.replaceChildren(...rows.slice(first, first + PAGE).map((row) => {
    const line = document.createElement("tr");
    COLUMNS.forEach((_, column) => {
      const cell = document.createElement("td");
      cell.textContent = text(row, column);
      if (column === SECONDS) cell.className = "n";
      line.append(cell);
    });
    return line;
  }));
  const last = Math.min(first + PAGE, rows.length);
  const count = (number) => number.toLocaleString("en");
  find("shown").textContent = rows.length
    ? `${count(first + 1)} to ${count(last)} of ${count(rows.length)} endpoints` : "no endpoint";
  find("back").disabled = first === 0;
  find("on").disabled = last >= rows.length;
  document.querySelectorAll("#endpoints th").forEach((head, column) => {
    const sorted = column === order.column;
    head.setAttribute("aria-sort", sorted ? (order.down ? "descending" : "ascending") : "none");
    head.firstChild.textContent = COLUMNS[column] + (sorted ? (order.down ? " \u2193" : " \u2191") : "");
  });
}

COLUMNS.forEach((name, column) => {
  const head = document.createElement("th"), button = document.createElement("button");
  button.addEventListener("click", () => {
    order = { column, down: order.column === column && !order.down };
    rows.sort(compare);
    first = 0;
    show();
  });
  head.append(button);
  document.querySelector("#endpoints thead tr").append(head);
});
find("filter").addEventListener("input", choose);
find("only").addEventListener("change", choose);
find("back").addEventListener("click", () => { first -= PAGE; show(); });
find("on").addEventListener("click", () => { first += PAGE; show(); });
choose();
