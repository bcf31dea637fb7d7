// Chosen files as small pictures that can be taken off again. Without this script the browser names them itself.
"use strict";

const SIDE = 208; // of a picture, in its own pixels
const MEGABYTE = 1024 * 1024;

function megabytes(size) {
  return `${Math.max(size / MEGABYTE, 0.1).toFixed(1)} MB`;
}

// A picture drawn by hand: an address of the file itself would need a wider Content-Security-Policy.
async function draw(file, canvas) {
  const picture = await createImageBitmap(file);
  const scale = SIDE / Math.min(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.width = canvas.height = SIDE;
  canvas.getContext("2d").drawImage(picture, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
  canvas.hidden = false;
  picture.close();
}

class Chooser {
  constructor(box) {
    [this.list, this.template] = [box.querySelector("ul"), box.querySelector("template")];
    this.inputs = [...box.querySelectorAll("input[type=file]")];
    this.all = this.inputs.at(-1); // it takes several; a camera gives one at a time
    this.most = Number(box.dataset.most);
    this.chosen = [];
    for (const input of this.inputs) input.addEventListener("change", () => this.take());
    box.classList.add("is-scripted");
    this.take();
  }

  take() {
    const known = new Set(this.chosen.map(file => `${file.name} ${file.size} ${file.lastModified}`));
    const fresh = this.inputs.flatMap(input => [...input.files]);
    this.keep([...this.chosen, ...fresh.filter(file => !known.has(`${file.name} ${file.size} ${file.lastModified}`))]);
  }

  keep(files) {
    const sent = new DataTransfer();
    for (const file of files) sent.items.add(file);
    this.chosen = files;
    for (const input of this.inputs) input.value = "";
    this.all.files = sent.files;
    this.list.replaceChildren(...files.map(file => this.item(file)));
    this.list.hidden = !files.length;
  }

  item(file) {
    const item = this.template.content.firstElementChild.cloneNode(true);
    const button = item.querySelector("button");
    item.querySelector("bdi").textContent = file.name;
    item.querySelector(".num").textContent = megabytes(file.size);
    item.querySelector("[data-too-large]").hidden = file.size <= this.most;
    button.setAttribute("aria-label", `${button.title}: ${file.name}`);
    button.addEventListener("click", () => this.drop(file));
    if (file.type.startsWith("image/")) draw(file, item.querySelector("canvas")).catch(() => {});
    return item;
  }

  drop(file) {
    const place = this.chosen.indexOf(file);
    this.keep(this.chosen.filter(other => other !== file));
    (this.list.querySelectorAll("button")[Math.min(place, this.chosen.length - 1)] ?? this.all).focus();
  }
}

for (const box of document.querySelectorAll("[data-files]")) {
  new Chooser(box);
  const [form, sending] = [box.closest("form"), box.closest("form").querySelector("[data-sending]")];
  form.addEventListener("submit", () => (sending.hidden = false));
  window.addEventListener("pageshow", () => (sending.hidden = true));
}
