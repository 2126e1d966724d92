// Chart.js, loaded when the first chart is shown.

const ADDRESS = "/webjars/chart.js/dist/chart.umd.js";

let library = null;

/** @returns a promise of its Chart class */
export function chartLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = ADDRESS;
    script.onload = () => resolve(globalThis.Chart);
    script.onerror = () => {
      script.remove();
      library = null;
      reject(new Error(`${ADDRESS} could not be loaded`));
    };
    document.head.append(script);
  });
  return library;
}
