-- Reads one state, of a random resource.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

function request()
  return wrk.format("GET", "/sync-states/r" .. math.random(0, 96))
end
