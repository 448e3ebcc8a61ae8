-- Opens a file, waits for diagnostics, types a fault, applies the fix, and says what it saw, as JSON, step by step.
local command = vim.json.decode(vim.env.TRAINLINT_COMMAND)
local seen = {}

local function shown()
  local rows = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    local line = vim.api.nvim_buf_get_lines(0, diagnostic.lnum, diagnostic.lnum + 1, false)[1]
    local text = diagnostic.end_lnum == diagnostic.lnum and line:sub(diagnostic.col + 1, diagnostic.end_col) or line
    table.insert(rows, { code = diagnostic.code, text = text, severity = diagnostic.severity, source = diagnostic.source })
  end
  table.sort(rows, function(a, b) return a.code < b.code end)
  return rows
end

local function count(code)
  return #vim.tbl_filter(function(row) return row.code == code end, shown())
end

local function step(name, condition)
  if not vim.wait(30000, condition, 20) then
    io.stderr:write("waited in vain for " .. name .. ": " .. vim.json.encode(shown()) .. "\n")
    vim.cmd("cquit 1")
  end
  seen[name] = shown()
end

vim.cmd("edit " .. vim.env.TRAINLINT_FILE)
local id = vim.lsp.start({ name = "trainlint", cmd = command, root_dir = vim.fn.fnamemodify(vim.env.TRAINLINT_FILE, ":h") })
step("opened", function() return count("TL302") == 1 end)
local client = assert(vim.lsp.get_client_by_id(id))
seen.encoding = client.offset_encoding

local row = vim.fn.search("zero_grad") - 1
vim.api.nvim_buf_set_lines(0, row, row + 1, false, {})
step("typed", function() return count("TL501") == 1 end)
seen.saved = vim.fn.readfile(vim.env.TRAINLINT_FILE)[row + 1]

local stale = vim.tbl_filter(function(diagnostic) return diagnostic.code == "TL501" end, vim.diagnostic.get(0))[1]
vim.api.nvim_win_set_cursor(0, { stale.lnum + 1, stale.col })
local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
params.context = { diagnostics = { stale.user_data.lsp } }
local answer = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 30000)[id].result
seen.titles = vim.tbl_map(function(action) return action.title end, answer)
local fix = vim.tbl_filter(function(action) return not action.title:find("ignore") end, answer)[1]
vim.lsp.util.apply_workspace_edit(fix.edit, client.offset_encoding)
step("fixed", function() return count("TL501") == 0 and count("TL302") == 1 end)

local hover = vim.lsp.buf_request_sync(0, "textDocument/hover", {
  textDocument = vim.lsp.util.make_text_document_params(0),
  position = { line = vim.diagnostic.get(0)[1].lnum, character = vim.diagnostic.get(0)[1].col },
}, 30000)[id].result
seen.hover = hover.contents.value
seen.text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
vim.fn.writefile({ vim.json.encode(seen) }, vim.env.TRAINLINT_SEEN)
vim.cmd("qall!")
