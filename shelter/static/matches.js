// While a name is being written: asks the server whether somebody like that is here already.
const PAUSE = 700;

function watch(place) {
  const form = place.closest("form");
  let waiting = 0;

  function show(found) {
    place.replaceChildren();
    if (found.here.length) {
      place.append(`${place.dataset.here} `);
      for (const one of found.here) {
        const link = document.createElement("a");
        link.href = one.url;
        link.className = "person";
        link.textContent = one.words;
        place.append(link, " ");
      }
    }
    place.append(found.others);
  }

  async function ask() {
    const answer = await fetch(place.dataset.matches, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (answer?.ok) {
      show(await answer.json());
    }
  }

  form.addEventListener("input", (event) => {
    if (["legal_name", "aliases"].includes(event.target.name)) {
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE);
    }
  });
}

for (const place of document.querySelectorAll("[data-matches]")) {
  watch(place);
}
