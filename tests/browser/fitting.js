// What does not fit the screen: text that sticks out of it, or that something cuts off. Text that scrolls inside its
// own box is reachable, and what is hidden on purpose (for screen readers only, folded away) is no text on the screen.
() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  const say = (what, element, rect, edge) => found.push(
    `${what}: <${element.tagName.toLowerCase()} class="${element.getAttribute("class") || ""}"> ` +
    `“${element.textContent.trim().slice(0, 40)}” ${Math.round(rect.left)}–${Math.round(rect.right)} of ${edge}`);
  if (document.documentElement.scrollWidth > wide)
    found.push(`page: ${document.documentElement.scrollWidth} px on a screen of ${wide}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || element.closest(".sr, .skip, script, style, option, title, desc")) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    range.selectNodeContents(text);
    const rect = range.getBoundingClientRect();
    if (!rect.width) continue;
    check(element, rect);
  }
  return found;

  function check(element, rect) {
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      if (edge.width <= 2 && edge.height <= 2) return; // for screen readers
      if (/auto|scroll/.test(style.overflowX)) return;
      if (/hidden|clip/.test(style.overflowX) && (rect.left < edge.left - 2 || rect.right > edge.right + 2))
        return say("cut", element, rect, `${Math.round(edge.left)}–${Math.round(edge.right)}`);
      if (/hidden|clip/.test(style.overflowY) && rect.bottom > edge.bottom + 4)
        return say("cut below", element, rect, box.className);
    }
    if (rect.left < -1 || rect.right > wide + 1) say("sticks out", element, rect, wide);
  }
}
