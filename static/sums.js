// Thousands separators while a sum is typed. Without this script the server writes them (projects/form_kit.py).
// Only separators that stand right are ever moved: 95,5 stays 95,5, and the server says that it is no sum.
"use strict";

const SUM = /^(\d*)(\.\d*)?$/;
const before = new WeakMap(); // what a field held before the last change

const bare = text => text.replaceAll(",", "");

function grouped(text) {
  const [, whole, cents = ""] = bare(text).match(SUM) || [];
  return whole === undefined ? null : whole.replace(/\B(?=(\d{3})+$)/g, ",") + cents;
}

// Where the caret stands when as many digits stand before it as did, past a separator that was deleted.
function place(text, digits, forward) {
  let at = 0;
  for (let seen = 0; seen < digits; at += 1) seen += text[at] !== ",";
  return forward && text[at] === "," ? at + 1 : at;
}

// Whether every separator in a field is one that stood right before a key was struck.
function areOurs(field, { inputType = "", data }) {
  const held = before.get(field) ?? "";
  const isOneKey = /^[\d.]$/.test(data) || inputType.startsWith("delete");
  return !field.value.includes(",") || (isOneKey && held === grouped(held));
}

function regroup(field, event) {
  const typed = field.value;
  const wanted = grouped(typed);
  if (wanted !== null && wanted !== typed && areOurs(field, event)) {
    const digits = bare(typed.slice(0, field.selectionStart)).length;
    const caret = place(wanted, digits, event.inputType === "deleteContentForward");
    field.value = wanted;
    field.setSelectionRange(caret, caret);
  }
  before.set(field, field.value);
}

document.addEventListener("focusin", ({ target }) => {
  if (target.matches("input[data-sum]")) before.set(target, target.value);
});
document.addEventListener("input", event => {
  if (event.target.matches("input[data-sum]") && !event.isComposing) regroup(event.target, event);
});
