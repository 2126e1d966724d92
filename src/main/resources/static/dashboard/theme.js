// Not a module: it runs before the first paint, so that a dark page never flashes white.
(() => {
  const names = ["auto", "light", "dark"];
  const stored = () => {
    try {
      const name = localStorage.getItem("theme");
      return names.includes(name) ? name : "auto";
    } catch {
      return "auto";
    }
  };
  let current = stored();
  document.documentElement.dataset.theme = current;

  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const show = () => {
      document.documentElement.dataset.theme = current;
      button.textContent = { auto: "◐ Auto", light: "☀ Light", dark: "☾ Dark" }[current];
      button.setAttribute("aria-label", `Colours: ${current}`);
    };
    button.addEventListener("click", () => {
      current = names[(names.indexOf(current) + 1) % names.length];
      try {
        localStorage.setItem("theme", current);
      } catch {
        // Storage is off: the choice lasts until the page is closed.
      }
      show();
      dispatchEvent(new Event("themechange"));
    });
    show();
  });
})();
