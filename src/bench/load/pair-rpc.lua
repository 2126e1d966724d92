-- Starts and completes a resource by PostgREST's addresses, as pair.lua does by the service's. Each is of 500 of its thread, in
-- turn, so that no two connections have one at a time:  wrk … -s pair-rpc.lua URL -- [PREFIX [force]]

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

requests_each = 2

local threads = 0
local made = 0
local prefix, force = "", ""

function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function init(args)
  prefix = args[1] or ""
  -- The original function has no such parameter.
  force = args[2] and ', "p_force": true' or ""
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  made = (made + 1) % 500
  local resource = '{"p_resource": "w' .. id .. "-" .. made .. '"'
  return wrk.format("POST", prefix .. "/rpc/start_vantage_sync", nil, resource .. force .. "}")
    .. wrk.format("POST", prefix .. "/rpc/complete_vantage_sync", nil, resource
      .. ', "p_records_synced": 1000, "p_records_created": 10, "p_records_updated": 90}')
end
