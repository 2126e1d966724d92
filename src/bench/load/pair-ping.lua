-- Starts and completes a resource by pings, as pair.lua does by JSON. Each is of 500 of its thread, in turn, so that no two
-- connections have one at a time; they are there already, and none of them is running.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

requests_each = 2

local threads = 0
local made = 0

function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function request()
  made = (made + 1) % 500
  local path = "/ping/-/w" .. id .. "-" .. made
  return wrk.format("POST", path .. "/start") .. wrk.format("POST", path .. "?records_synced=1000")
end
