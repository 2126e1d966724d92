-- One kind of request again and again:  wrk … -s request.lua URL -- METHOD PATH [BODY [STATUS]]
-- In path and body a %d is a random number from 0 to 255. A STATUS from 400 on says that all are refused.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local method, path, body

function setup(thread)
  threads = threads or {}
  table.insert(threads, thread)
end

function init(args)
  method, path, body = args[1], args[2], args[3]
  if body == "" then body = nil end
  if body then wrk.headers["Content-Type"] = "application/json" end
  all_refused = tonumber(args[4] or "200") >= 400
end

local function drawn(text)
  return text and (text:gsub("%%d", function() return tostring(math.random(0, 255)) end))
end

function request()
  return wrk.format(method, drawn(path), nil, drawn(body))
end

local report = done

function done(summary, latency)
  if threads[1]:get("all_refused") then
    if summary.errors.status < summary.requests then
      print(summary.requests - summary.errors.status .. " requests were not refused")
      return
    end
    summary.errors.status = 0
  end
  report(summary, latency)
end
