// How long the last runs took and how they ended, as bars.

import { formatDuration } from "../domain/durations.js";
import { labelOf } from "../domain/labels.js";
import { longestDuration, RUN_STATUSES, summarizeRuns } from "../domain/run-summary.js";
import { zonedTime } from "../domain/times.js";
import { chartLibrary } from "./chart-library.js";
import { el, setVisible } from "./dom.js";
import { stripes } from "./stripes.js";

/** One bar says nothing that the table does not. */
const MIN_RUNS = 2;
const STRIPED = new Set(["failed", "abandoned"]);

export class DurationChart {
  #canvas = el("canvas", { role: "img" });
  #chart = null;
  #runs = [];
  #destroyed = false;
  element = el("div", { class: "chart", hidden: true }, this.#canvas);

  /** @param runs that have ended, oldest first */
  show(runs) {
    this.#runs = runs.length < MIN_RUNS ? [] : runs;
    setVisible(this.element, this.#runs.length > 0);
    this.#canvas.setAttribute("aria-label", summarizeRuns(this.#runs));
    this.paint();
  }

  /** Draws the chart again, in the colours of the present theme. */
  async paint() {
    if (this.#runs.length === 0) {
      this.#clear();
      return;
    }
    let Chart;
    try {
      Chart = await chartLibrary();
    } catch {
      // The table below has the same durations.
      setVisible(this.element, false);
      return;
    }
    this.#clear();
    if (!this.#destroyed && this.#runs.length > 0) {
      this.#chart = new Chart(this.#canvas, this.#configuration());
    }
  }

  destroy() {
    this.#destroyed = true;
    this.#clear();
  }

  #clear() {
    this.#chart?.destroy();
    this.#chart = null;
  }

  #configuration() {
    const runs = this.#runs;
    const colours = this.#colours();
    const longest = Math.max(longestDuration(runs), 1);
    return {
      type: "bar",
      data: {
        labels: runs.map((run) => `${zonedTime(run.started_at)}`),
        datasets: [
          {
            // A run that took no time is still a bar.
            data: runs.map((run) => Math.max(run.duration_ms, longest / 60)),
            backgroundColor: runs.map(({ status }) => (STRIPED.has(status) ? stripes(colours[status]) : colours[status])),
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
              label: ({ dataIndex }) =>
                `${labelOf(runs[dataIndex].status)}, took ${formatDuration(runs[dataIndex].duration_ms)}`,
            },
          },
        },
        scales: {
          x: { display: false },
          y: {
            beginAtZero: true,
            border: { display: false },
            grid: { color: colours.line },
            ticks: { color: colours.text, maxTicksLimit: 4, callback: (ms) => formatDuration(ms) },
          },
        },
      },
    };
  }

  /** The colours of the style sheet, light or dark. */
  #colours() {
    const colour = (name) => {
      const probe = el("i", { class: `colour ${name}` });
      this.element.append(probe);
      const value = getComputedStyle(probe).color;
      probe.remove();
      return value;
    };
    return Object.fromEntries([...RUN_STATUSES, "line", "text"].map((name) => [name, colour(name)]));
  }
}
