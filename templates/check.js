"use strict";
// The filter of the findings, and the keys: "/" searches, Escape clears, arrows move over the marks of a picture.
(() => {
  const bar = document.getElementById("filter");
  const items = [...document.querySelectorAll("li.finding")].map((node) => ({ node, text: "" }));
  const groups = [...document.querySelectorAll("[data-group]")];
  const folds = [...document.querySelectorAll("details")].map((node) => ({ node, open: node.open }));
  let clear = () => {};

  // Letters without their marks, ı and İ as i, ə as e, "1 204" as 1204: whoever searches need not type like the form.
  const folded = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ı/g, "i").replace(/ə/g, "e")
      .replace(/[−–—]/g, "-").replace(/(\d)\s(?=\d{3}(?!\d))/gu, "$1").replace(/\s+/g, " ").trim();

  const filter = () => {
    const search = document.getElementById("search");
    const selects = [...bar.querySelectorAll("select")];
    const shown = document.getElementById("shown");

    const apply = () => {
      const words = folded(search.value).split(" ").filter(Boolean);
      const wanted = selects.filter((select) => select.value).map((select) => [select.dataset.by, select.value]);
      const active = words.length > 0 || wanted.length > 0;
      let count = 0;
      for (const item of items) {
        let fits = wanted.every(([by, value]) => item.node.dataset[by] === value);
        if (fits && words.length) {
          item.text = item.text || folded(item.node.textContent);
          fits = words.every((word) => item.text.includes(word));
        }
        item.node.hidden = !fits;
        count += fits ? 1 : 0;
      }
      for (const group of groups) group.hidden = active && !group.querySelector("li.finding:not([hidden])");
      for (const { node, open } of folds) {
        if (node.querySelector("li.finding")) node.open = active ? true : open;
      }
      // Matches above or below the screen are brought to it, as long as the bar itself stays in sight.
      const first = active && items.find((item) => !item.node.hidden);
      if (first && getComputedStyle(bar).position === "sticky") {
        const { top } = first.node.getBoundingClientRect();
        if (top < bar.offsetHeight || top > innerHeight) first.node.closest("article, section").scrollIntoView();
      }
      shown.textContent = shown.dataset.words.replace("{shown}", count).replace("{all}", items.length);
    };

    clear = () => {
      search.value = "";
      for (const select of selects) select.value = "";
      apply();
    };

    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 80);
    });
    for (const select of selects) select.addEventListener("change", apply);
    document.getElementById("clear").addEventListener("click", () => {
      clear();
      search.focus();
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        clearTimeout(waiting);
        clear();
      }
    });
    bar.hidden = false;
    const makeRoom = () => {
      const stays = getComputedStyle(bar).position === "sticky";
      document.documentElement.style.scrollPaddingTop = `${(stays ? bar.offsetHeight : 0) + 12}px`;
    };
    addEventListener("resize", makeRoom);
    makeRoom();
    apply(); // the browser may have kept what was typed before a reload
  };

  // A picture is one stop of the Tab key; the arrow keys move from mark to mark inside it.
  const walk = (picture) => {
    const links = [...picture.querySelectorAll("a")];
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const stop = (at) => links.forEach((link, place) => link.setAttribute("tabindex", place === at ? "0" : "-1"));
    stop(0);
    picture.addEventListener("keydown", (event) => {
      const at = links.indexOf(document.activeElement);
      let to = at + (step[event.key] || 0);
      if (event.key === "Home") to = 0;
      if (event.key === "End") to = links.length - 1;
      if (at < 0 || to === at) return;
      event.preventDefault();
      to = (to + links.length) % links.length;
      stop(to);
      links[to].focus();
    });
  };

  // Whoever follows a link must see where it leads: unfold what hides the place, and drop the filter when it does.
  const reveal = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    if (place.closest("[hidden]")) clear();
    for (let node = place.closest("details"); node; node = node.parentElement.closest("details")) node.open = true;
    place.scrollIntoView({ block: /^(TD|LI|TR)$/.test(place.tagName) ? "center" : "start" });
    if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
  };

  if (bar) filter();
  document.querySelectorAll("svg.picture").forEach(walk);
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    // The same link followed again changes no address, but the place may have been filtered away meanwhile.
    const link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) reveal();
  });
  if (location.hash) reveal();
})();
