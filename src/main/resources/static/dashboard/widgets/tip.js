// A small text beside what it is about.

import { el, setText, setVisible } from "./dom.js";

const DISTANCE = 6;
/** A screen reader has the same text from the element itself. */
const tip = el("div", { class: "tip", "aria-hidden": "true", hidden: true });

/** @param box what it is about: left, right, top and bottom in the window */
export function showTip(text, box) {
  if (!tip.isConnected) {
    document.body.append(tip);
  }
  setText(tip, text);
  setVisible(tip, true);
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.min(Math.max((box.left + box.right - width) / 2, DISTANCE), innerWidth - width - DISTANCE);
  const above = box.top - height - DISTANCE;
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(above < 0 ? box.bottom + DISTANCE : above)}px)`;
}

export const hideTip = () => setVisible(tip, false);

addEventListener("scroll", hideTip, { passive: true });
