// How long the last runs took and how they ended, as bars.

import { el } from "./dom.js";
import { clock, duration, STATUS } from "./format.js";

const STATUSES = ["success", "failed", "abandoned", "running"];
const HATCHED = new Set(["failed", "abandoned"]);

export class DurationChart {
  #canvas = el("canvas", { role: "img" });
  #chart = null;
  #runs = [];
  element = el("div", { class: "chart" }, this.#canvas);

  /** @param runs newest first, as the service lists them */
  show(runs) {
    this.#runs = runs.filter((run) => run.duration_ms !== null).reverse();
    this.#canvas.setAttribute("aria-label", this.#inWords());
    this.paint();
  }

  paint() {
    this.#chart?.destroy();
    this.#chart = null;
    if (this.#runs.length === 0 || typeof Chart === "undefined") {
      return;
    }
    const colours = this.#colours();
    const longest = Math.max(...this.#runs.map((run) => run.duration_ms), 1);
    this.#chart = new Chart(this.#canvas, {
      type: "bar",
      data: {
        labels: this.#runs.map((run) => clock(run.started_at)),
        datasets: [
          {
            // A run that took no time is a bar as well.
            data: this.#runs.map((run) => Math.max(run.duration_ms, longest / 60)),
            backgroundColor: this.#runs.map((run) =>
              HATCHED.has(run.status) ? hatched(colours[run.status]) : colours[run.status],
            ),
            borderRadius: 2,
            maxBarThickness: 18,
            minBarLength: 3,
          },
        ],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        plugins: {
          legend: { display: false },
          tooltip: {
            displayColors: false,
            callbacks: {
              label: ({ dataIndex }) => {
                const run = this.#runs[dataIndex];
                return `${STATUS[run.status]?.word ?? run.status}, took ${duration(run.duration_ms)}`;
              },
            },
          },
        },
        scales: {
          x: { display: false },
          y: {
            beginAtZero: true,
            border: { display: false },
            grid: { color: colours.line },
            ticks: { color: colours.text, maxTicksLimit: 4, callback: (ms) => duration(ms) },
          },
        },
      },
    });
  }

  destroy() {
    this.#chart?.destroy();
    this.#chart = null;
  }

  #inWords() {
    const counts = STATUSES.map((status) => [status, this.#runs.filter((run) => run.status === status).length])
      .filter(([, count]) => count > 0)
      .map(([status, count]) => `${count} ${STATUS[status].word.toLowerCase()}`);
    const longest = Math.max(...this.#runs.map((run) => run.duration_ms), 0);
    return `The last ${this.#runs.length} runs: ${counts.join(", ")}; the longest took ${duration(longest)}`;
  }

  /** Colours as the style sheet has them at this moment, light or dark. */
  #colours() {
    const colour = (name) => {
      const probe = el("i", { class: `colour ${name}` });
      this.element.append(probe);
      const value = getComputedStyle(probe).color;
      probe.remove();
      return value;
    };
    return Object.fromEntries([...STATUSES, "line", "text"].map((name) => [name, colour(name)]));
  }
}

/** The colour in stripes, for those who do not tell colours apart. */
function hatched(colour) {
  const tile = document.createElement("canvas");
  tile.width = 6;
  tile.height = 6;
  const pen = tile.getContext("2d");
  pen.fillStyle = colour;
  pen.globalAlpha = 0.55;
  pen.fillRect(0, 0, 6, 6);
  pen.globalAlpha = 1;
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift, 6);
    pen.lineTo(shift + 6, 0);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}
