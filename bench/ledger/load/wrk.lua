-- wrk -s wrk.lua URL -- FILE : cycles through the request lines of FILE from a random start; prints one JSON line.
-- "@ID@" in a body becomes a new UUIDv7 in each request, so that every write is a new one.
local reqs, i = {}, 0
local hex = "0123456789abcdef"
local function random(n)
  local t = {}
  for k = 1, n do local r = math.random(16); t[k] = hex:sub(r, r) end
  return table.concat(t)
end
local function uuid()
  local ms = string.format("%012x", os.time() * 1000 + math.random(0, 999))
  return ms:sub(1, 8) .. "-" .. ms:sub(9, 12) .. "-7" .. random(3) .. "-a" .. random(3) .. "-" .. random(12)
end
function init(args)
  for line in io.lines(args[1]) do
    local m, p, t, b = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t?(.*)$")
    local h = { ["Authorization"] = t, ["Accept"] = "application/json" }
    if b ~= "" then h["Content-Type"] = "application/json" else b = nil end
    if b and b:find("@ID@", 1, true) then
      reqs[#reqs + 1] = function() return wrk.format(m, p, h, (b:gsub("@ID@", uuid()))) end
    else
      local text = wrk.format(m, p, h, b)
      reqs[#reqs + 1] = function() return text end
    end
  end
  math.randomseed(os.time()); i = math.random(#reqs)
end
function request() i = i % #reqs + 1; return reqs[i]() end
function done(s, l, r)
  local e = s.errors
  io.write(string.format('JSON {"n":%d,"s":%.2f,"rps":%.1f,"p50":%.2f,"p99":%.2f,"max":%.1f,"bytes":%d,"bad":%d,"err":%d}\n', s.requests, s.duration / 1e6,
    s.requests / s.duration * 1e6, l:percentile(50) / 1e3, l:percentile(99) / 1e3, l.max / 1e3, s.bytes / math.max(1, s.requests), e.status, e.connect + e.read + e.write + e.timeout))
end
