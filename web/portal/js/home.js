// The first view: scan, choose or drop a file, or paste the code's text.

import { sinceWhen } from "../package/index.js";
import { onRender, page, part, say } from "./page.js";

const FILE_BYTES_MAX = 20 * 1024 * 1024;
let lists = null, error = null;

// `scan(post)`, `file(file)` and `text(text)` are called; `asOf()` gives the time of the lists at hand.
export function home({ scan, file, text, asOf }) {
  lists = asOf;
  part("scan").addEventListener("click", () => scan(false));
  part("post").addEventListener("click", () => scan(true));
  const take = (chosen) => {
    error = chosen && chosen.size > FILE_BYTES_MAX ? "tooLarge" : null;
    part("file-error").textContent = error ? say(error) : "";
    if (chosen && !error) file(chosen);
  };
  part("file").addEventListener("change", () => {
    take(part("file").files[0]);
    part("file").value = "";
  });
  part("paste").addEventListener("submit", (event) => {
    event.preventDefault();
    text(part("text").value);
    part("text").value = "";
  });
  // A file may be dropped anywhere.
  addEventListener("dragover", (event) => {
    event.preventDefault();
    part("drop").classList.add("over");
  });
  addEventListener("dragleave", () => part("drop").classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    part("drop").classList.remove("over");
    take(event.dataTransfer.files[0]);
  });
}

onRender((shown) => {
  part("file-error").textContent = error ? say(error) : "";
  // The other pages go on in the reader's language.
  for (const link of part("ways").children) link.search = `lang=${page.lang}`;
  if (shown.view !== "home" || !lists) return;
  const asOf = lists();
  part("offline").textContent = asOf ? say("offline", { time: sinceWhen(asOf, Date.now() / 1000)[page.lang] }) : "";
});
