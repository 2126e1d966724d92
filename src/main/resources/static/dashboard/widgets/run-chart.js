// A number of each of the last runs, and how they ended, as bars.

import { labelOf } from "../domain/labels.js";
import { RUN_STATUSES } from "../domain/run-summary.js";
import { zonedTime } from "../domain/times.js";
import { chartLibrary } from "./chart-library.js";
import { el, setVisible } from "./dom.js";
import { stripes } from "./stripes.js";

/** One bar says nothing that the table does not. */
const MIN_RUNS = 2;
const STRIPED = new Set(["failed", "abandoned"]);
const DASHES = [[], [6, 4]];
/** So wide that the dashes of its upper and its lower side, which are one line, lie on each other. */
const LEGEND_LINE = 38;

export class RunChart {
  #options;
  #canvas = el("canvas", { role: "img" });
  #chart = null;
  #runs = [];
  #lines = [];
  #destroyed = false;
  element = el("div", { class: "chart", hidden: true }, this.#canvas);

  /** @param options value(run), format(value), and describe(runs) for people who cannot see it */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param runs that have ended, oldest first
   * @param lines to draw across, each as {label, value}
   */
  show(runs, lines = []) {
    const { value, describe } = this.#options;
    const some = runs.length >= MIN_RUNS && runs.some((run) => value(run) > 0);
    this.#runs = some ? runs : [];
    this.#lines = lines;
    setVisible(this.element, some);
    this.#canvas.setAttribute("aria-label", [describe(this.#runs), ...lines.map((line) => this.#label(line))].join("; "));
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

  #label({ label, value }) {
    return `${label}: ${this.#options.format(value)}`;
  }

  #clear() {
    this.#chart?.destroy();
    this.#chart = null;
  }

  #configuration() {
    const runs = this.#runs;
    const colours = this.#colours();
    const { value, format } = this.#options;
    const highest = Math.max(...runs.map(value), 1);
    return {
      type: "bar",
      data: {
        labels: runs.map((run) => zonedTime(run.started_at)),
        datasets: [
          {
            // Nothing is still a bar.
            data: runs.map((run) => Math.max(value(run), highest / 60)),
            backgroundColor: runs.map(({ status }) => (STRIPED.has(status) ? stripes(colours[status]) : colours[status])),
            borderRadius: 2,
            maxBarThickness: 18,
            minBarLength: 3,
          },
          ...this.#lines.map((line, index) => ({
            type: "line",
            label: this.#label(line),
            data: runs.map(() => line.value),
            borderColor: colours.text,
            borderDash: DASHES[index % DASHES.length],
            borderWidth: 1.5,
            pointRadius: 0,
            pointHitRadius: 0,
          })),
        ],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        plugins: {
          legend: {
            display: this.#lines.length > 0,
            labels: { color: colours.text, boxHeight: 0, boxWidth: LEGEND_LINE, filter: ({ datasetIndex }) => datasetIndex > 0 },
          },
          tooltip: {
            displayColors: false,
            callbacks: {
              label: ({ dataIndex, datasetIndex }) =>
                datasetIndex === 0 ? `${labelOf(runs[dataIndex].status)}, ${format(value(runs[dataIndex]))}` : "",
            },
          },
        },
        scales: {
          x: { display: false },
          y: {
            beginAtZero: true,
            // A threshold far above would flatten the bars.
            max: Math.max(highest, ...this.#lines.map((line) => line.value).filter((number) => number <= highest * 2)),
            border: { display: false },
            grid: { color: colours.line },
            ticks: { color: colours.text, maxTicksLimit: 4, callback: (number) => format(number) },
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
