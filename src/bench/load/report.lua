-- What every script of wrk ends with: a line with the rate a second and the latency in milliseconds, at the median and at
-- the 99th percentile; none where anything failed.

--- How many requests make up what is counted.
requests_each = 1

-- wrk's own percentile gives 0 where requests are pipelined: it adds latencies below the least that it looks at.
local function percentile(latency, percent)
  local all, seen = 0, 0
  for place = 1, #latency do
    local _, times = latency(place)
    all = all + times
  end
  for place = 1, #latency do
    local microseconds, times = latency(place)
    seen = seen + times
    if seen >= all * percent / 100 then
      return microseconds
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  if failed > 0 then
    print(failed .. " requests failed")
    return
  end
  print(string.format("result %.1f %.2f %.2f",
    summary.requests / requests_each / (summary.duration / 1e6),
    percentile(latency, 50) / 1e3,
    percentile(latency, 99) / 1e3))
end
