// The example page: shows the event that a site's own code would listen to.

document.addEventListener("verdict", ({ detail }) => {
  document.getElementById("event").textContent = `${detail.code} ${detail.number ?? ""}`;
});
