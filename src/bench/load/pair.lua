-- Starts and completes a resource: both in one go, since of what a connection sends the second is answered after the first.
-- No two connections have a resource at the same time.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

requests_each = 2

local threads = 0
local free = {}
local made = 0

function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function init()
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  local resource = table.remove(free)
  if resource == nil then
    made = made + 1
    resource = "w" .. id .. "-" .. made
  end
  local path = "/sync-states/" .. resource
  -- By force: the end of a measurement before may have left it running.
  return wrk.format("POST", path .. "/start", nil, '{"force": true}')
    .. wrk.format("POST", path .. "/complete", nil, '{"records_synced": 1000}')
end

function response(status, headers, body)
  if body:find('"last_sync_status":"success"', 1, true) then
    table.insert(free, body:match('"resource":"([^"]+)"'))
  end
end
