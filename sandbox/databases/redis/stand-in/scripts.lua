-- Runs the scripts of EVAL, in Redis' own version of Lua. The stand-in resumes a script with the reply to the command
-- that it asked for; both go as Redis' protocol.

local limits = { seconds = 5, kilobytes = 64 * 1024 }

-- Scripts see none of these: what they get is listed below.
local create, resume, yield, status = coroutine.create, coroutine.resume, coroutine.yield, coroutine.status
local sethook, getinfo, clock, memory = debug.sethook, debug.getinfo, os.clock, collectgarbage
local format, floor = string.format, math.floor

-- Requests and replies ------------------------------------------------------------------------------------------------

local function bulk(text) return "$" .. #text .. "\r\n" .. text .. "\r\n" end

-- One line, whatever is in it.
local function line(kind, text) return kind .. text:gsub("[\r\n]", " ") .. "\r\n" end

local function request(...)
  if select("#", ...) == 0 then error("Please specify at least one argument for this redis lib call", 3) end
  local words = { "*" .. select("#", ...) .. "\r\n" }
  for i = 1, select("#", ...) do
    local word = select(i, ...)
    if type(word) == "number" then word = format("%.17g", word) end
    if type(word) ~= "string" then error("Lua redis lib command arguments must be strings or integers", 3) end
    words[#words + 1] = bulk(word)
  end
  return table.concat(words)
end

local function read(text, at)
  local kind, first, last = text:sub(at, at), text:match("^(.-)\r\n()", at + 1)
  if kind == "+" then return { ok = first }, last end
  if kind == "-" then return { err = first }, last end
  local value = tonumber(first)
  if kind == ":" then return value, last end
  if value == -1 then return false, last end
  if kind == "$" then return text:sub(last, last + value - 1), last + value + 2 end
  local list = {}
  for i = 1, value do list[i], last = read(text, last) end
  return list, last
end

local function whole_part(value) return value < 0 and -floor(-value) or floor(value) end

local function write(value, null, depth)
  local kind = type(value)
  if kind == "string" then return bulk(value) end
  if kind == "number" then
    -- What no whole number of 64 bits can be is the least of them, as processors have it.
    local fits = value > -2 ^ 63 and value < 2 ^ 63
    return ":" .. (fits and format("%.0f", whole_part(value)) or "-9223372036854775808") .. "\r\n"
  end
  if kind == "boolean" then return value and ":1\r\n" or null end
  if kind ~= "table" then return null end
  if depth > 1000 then return line("-", "ERR reached lua stack limit") end
  if type(value.err) == "string" then return line("-", value.err) end
  if type(value.ok) == "string" then return line("+", value.ok) end
  local parts = { "" }
  for i, item in ipairs(value) do parts[i + 1] = write(item, null, depth + 1) end
  parts[1] = "*" .. #parts - 1 .. "\r\n"
  return table.concat(parts)
end

-- Time and memory -----------------------------------------------------------------------------------------------------

local deadline = 0
local ended

local looks = 0

-- @param every so many instructions; often, because a text grows to twice its size in four
local function watch(thread, every)
  sethook(thread, function()
    looks = looks + 1
    if (every or looks % 100 == 0) and clock() > deadline then ended = "ran for longer than " .. limits.seconds .. " s" end
    if memory("count") > limits.kilobytes then ended = "took more than " .. limits.kilobytes .. " kB" end
    if ended then error("this stand-in for Redis ended the script, which " .. ended, 0) end
  end, "", every or 8)
  return thread
end

-- Lua 5.1 cannot wait inside its own pcall: this one runs the function in a coroutine and hands on what that waits for.
local function protected(f, ...)
  local thread = watch(create(function(...) return f(...) end))
  local function go(ok, ...)
    if ended then error((...), 0) end
    if not ok then return false, ... end
    if status(thread) == "dead" then return true, ... end
    return go(resume(thread, yield(...)))
  end
  return go(resume(thread, ...))
end

-- What a script sees --------------------------------------------------------------------------------------------------

local lacking = { bit = true, cjson = true, cmsgpack = true, struct = true }

local function fixed(values, message)
  return setmetatable({}, {
    __index = message and function(_, name)
      local value = values[name]
      if lacking[name] then error(name .. " is not part of this stand-in for Redis", 2) end
      if value == nil then error(message:format(tostring(name)), 2) end
      return value
    end or values,
    __newindex = function() error("Attempt to modify a readonly table", 2) end,
    __metatable = false,
  })
end

local redis = {
  pcall = function(...) return yield(request(...)) end,
  call = function(...)
    local reply = yield(request(...))
    if type(reply) == "table" and reply.err then
      -- A call in the last place leaves no trace of its line.
      local caller = getinfo(2, "l")
      reply.line = caller and math.max(caller.currentline, 1) or 1
      error(reply, 0)
    end
    return reply
  end,
  error_reply = function(text)
    text = text:gsub("^%-", "")
    return { err = text:find(" ", 1, true) and text or "ERR " .. text }
  end,
  status_reply = function(text) return { ok = text } end,
  sha1hex = function(text) return yield("SHA1 " .. text) end,
  log = function() end,
  set_repl = function() end,
  replicate_commands = function() return true end,
  breakpoint = function() return false end,
  LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3,
  REPL_NONE = 0, REPL_AOF = 1, REPL_SLAVE = 2, REPL_REPLICA = 2, REPL_ALL = 3,
  REDIS_VERSION = "7.2.0", REDIS_VERSION_NUM = 0x070200,
}

-- Bytecode could do what no script can.
local function compiled_from(text, name)
  if text:byte() == 27 then return nil, "bytecode is not part of this stand-in for Redis" end
  return loadstring(text, name)
end

local environment
local globals = {
  redis = fixed(redis), string = fixed(string), table = fixed(table), math = fixed(math),
  -- As in Redis, which hands on what is wrong with a command as text.
  pcall = function(...)
    local function result(ok, told, ...)
      if not ok and type(told) == "table" and type(told.err) == "string" then return ok, told.err end
      return ok, told, ...
    end
    return result(protected(...))
  end,
  loadstring = function(text, name)
    local compiled, message = compiled_from(text, name)
    return compiled and setfenv(compiled, environment), message
  end,
  xpcall = function(f, handler)
    local function result(ok, ...)
      if ok then return ok, ... end
      return ok, handler(...)
    end
    return result(protected(f))
  end,
}
for _, name in ipairs({ "assert", "error", "ipairs", "next", "pairs", "rawequal", "rawget", "select", "setmetatable",
  "getmetatable", "tonumber", "tostring", "type", "unpack", "_VERSION" }) do
  globals[name] = _G[name]
end
-- Functions that Lua gets wrong here, where its whole numbers have 32 bits, or that fill the memory in one call.
local own = setmetatable({}, { __index = string })
globals.string = fixed(own)

function own.format(pattern, ...)
  local values, at = { ... }, 0
  pattern = pattern:gsub("%%([-+ #0-9.]*)(.)", function(flags, kind)
    if kind ~= "%" then at = at + 1 end
    local value = tonumber(values[at])
    if (kind ~= "d" and kind ~= "i") or not value or flags:find(".", 1, true) then return nil end
    values[at] = whole_part(value)
    return "%" .. flags .. ".0f"
  end)
  return format(pattern, unpack(values, 1, select("#", ...)))
end

function own.rep(text, count)
  if #text * count > limits.kilobytes * 1024 then error("resulting string too large", 2) end
  return string.rep(text, count)
end

getmetatable("").__index = globals.string
getmetatable("").__metatable = false

-- For the stand-in ----------------------------------------------------------------------------------------------------

local thread, null
local texts, pieces = {}, {}

-- What is long comes in pieces.
function piece(text) pieces[#pieces + 1] = text end

function whole()
  texts[#texts + 1] = table.concat(pieces)
  pieces = {}
end

local function given()
  local all = texts
  texts = {}
  return all
end

-- In hexadecimal digits, because what leaves here has to be text.
local function out(text)
  return (text:gsub(".", function(byte) return format("%02x", byte:byte()) end))
end

-- A request, or the script's reply after `!`, or what went wrong and in which line after `?`.
local function step(ok, said)
  if ok and status(thread) ~= "dead" then return out(said) end
  if ok then ok, said = resume(watch(create(write), 1000), said, null, 0) end
  if ok then return out("!" .. said) end
  local message = type(said) == "table" and said.err or "ERR " .. tostring(said)
  local place = type(said) == "table" and said.line or tostring(said):match("user_script:(%d+)") or 1
  return out("?" .. place .. " " .. message)
end

-- What is wrong with a script, or nothing.
function compile()
  local _, message = compiled_from(given()[1], "@user_script")
  return out(message or "")
end

function start()
  local source, keys, args
  source, null, keys, args = unpack(given())
  local script = loadstring(source, "@user_script")
  -- What the last script held goes first.
  thread = nil
  memory("collect")
  deadline, ended = clock() + limits.seconds, nil
  local given_to_it = setmetatable({ KEYS = read(keys, 1), ARGV = read(args, 1) }, { __index = globals })
  environment = fixed(given_to_it, "Script attempted to access nonexistent global variable '%s'")
  setfenv(script, environment)
  thread = watch(create(script))
  return step(resume(thread))
end

function go() return step(resume(thread, (read(given()[1], 1)))) end
