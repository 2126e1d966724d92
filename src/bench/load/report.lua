-- What every script of wrk ends with: a line with the rate a second and the latency in milliseconds, at the median and at
-- the 99th percentile; none where anything failed.

--- How many requests make up what is counted.
requests_each = 1

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  if failed > 0 then
    print(failed .. " requests failed")
    return
  end
  print(string.format("result %.1f %.2f %.2f",
    summary.requests / requests_each / (summary.duration / 1e6),
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3))
end
