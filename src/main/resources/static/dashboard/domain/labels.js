// The label and the icon of each status, so that colour is never the only difference.

const LABELS = {
  failed: { label: "Failed", icon: "✕" },
  stuck: { label: "Stuck", icon: "!" },
  stale: { label: "Stale", icon: "◷" },
  slow: { label: "Slow", icon: "◔" },
  running: { label: "Running", icon: "▶" },
  never_run: { label: "Never run", icon: "○" },
  success: { label: "Success", icon: "✓" },
  abandoned: { label: "Abandoned", icon: "⊘" },
};

export const labelOf = (status) => LABELS[status]?.label ?? status;

export const iconOf = (status) => LABELS[status]?.icon ?? "?";
